"""The URLs of one action on all letters that a list finds."""

from django.urls import path

from web.desk import together

urlpatterns = [
    path("tray/all/", together.all_of_tray, name="all_of_tray"),
    path("inbox/all/", together.all_of_inbox, name="all_of_inbox"),
    path("together/", together.listed, name="bulk_orders"),
    path("together/<uuid:bulk_id>/", together.show, name="bulk_order"),
    path("together/<uuid:bulk_id>/live/", together.live, name="bulk_order_live"),
    path("together/<uuid:bulk_id>/back/", together.back, name="bulk_order_back"),
]
