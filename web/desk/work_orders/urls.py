"""The URLs of work orders, teams and alarms; they stand among the desk's."""

from django.urls import path

from web.desk.work_orders import alarms, board, order, teams

ORDER = "work-orders/<uuid:order_id>/"
urlpatterns = [
    path("work-orders/", board.show, name="work_orders"),
    path("work-orders/new/", order.new, name="new_work_order"),
    path(ORDER, order.show, name="work_order"),
    path(f"{ORDER}move/", order.move, name="move_work_order"),
    path(f"{ORDER}cancel/", order.cancel, name="cancel_work_order"),
    path(f"{ORDER}files/<uuid:entry_id>/", order.picture, name="work_order_file"),
    path("administration/teams/", teams.listed, name="teams"),
    path("administration/teams/new/", teams.team, name="new_team"),
    path("administration/teams/<int:team_id>/", teams.team, name="team"),
    path("danger/", alarms.listed, name="dangers"),
    path("danger/<uuid:alarm_id>/", alarms.show, name="danger"),
    path("danger/<uuid:alarm_id>/seen/", alarms.seen, name="see_danger"),
]
