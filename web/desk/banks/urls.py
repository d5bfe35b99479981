"""The addresses of the banks' pages; they stand among the desk's."""

from django.urls import path

from web.desk.banks import partners, settlements

urlpatterns = [
    path("banks/", partners.listed, name="banks"),
    path("banks/new/", partners.new, name="new_bank"),
    path("banks/<int:bank_id>/", partners.show, name="bank"),
    path("banks/<int:bank_id>/<slug:act>/", partners.act_on, name="on_bank"),
    path("banks/settlements/", settlements.show, name="bank_settlements"),
    path("banks/settlements.csv", settlements.as_table, name="bank_settlements_table"),
    path("banks/<int:bank_id>/settlements/<str:on_day>/", settlements.day, name="bank_settlement"),
    path(
        "banks/<int:bank_id>/settlements/<str:on_day>/received/",
        settlements.receive,
        name="receive_bank_settlement",
    ),
    path(
        "banks/<int:bank_id>/settlements/<str:on_day>/lines.csv",
        settlements.day_as_table,
        name="bank_settlement_table",
    ),
]
