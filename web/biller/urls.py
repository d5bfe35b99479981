"""Addresses of the biller API; `config.urls` puts them under /api/biller/v1/."""

from django.urls import re_path

from web.biller import bills, payments, settlements
from web.biller.view import UnknownView

app_name = "biller"
REFERENCE = r"(?P<reference>.+?)"
urlpatterns = [
    re_path(r"^bills/fetch/?$", bills.FetchView.as_view(), name="fetch"),
    re_path(r"^payments/?$", payments.PaymentsView.as_view(), name="payments"),
    re_path(rf"^payments/{REFERENCE}/reverse/?$", payments.ReverseView.as_view(), name="reverse"),
    re_path(rf"^payments/{REFERENCE}/?$", payments.PaymentView.as_view(), name="payment"),
    re_path(
        r"^settlements/(?P<day>[^/]+)/?$",
        settlements.SettlementView.as_view(),
        name="settlement",
    ),
    re_path(r"^.*$", UnknownView.as_view(), name="unknown"),
]
