"""The URLs of the cashier's desk; they stand among the desk's."""

from django.urls import path

from web.desk.cashier import days, desk

urlpatterns = [
    path("cashier/", desk.show, name="cashier"),
    path("cashier/open/", desk.begin, name="open_cashier_day"),
    path("cashier/take/", desk.take, name="take_money"),
    path("cashier/close/", days.close, name="close_cashier_day"),
    path("cashier/days/", days.listed, name="cashier_days"),
    path("cashier/days/<int:day_id>/", days.show, name="cashier_day"),
    path("cashier/days/<int:day_id>/close/", days.close_other, name="close_other_day"),
    path("cashier/days/<int:day_id>/page/", days.paper, name="cashier_day_page"),
]
