"""Addresses of paying: the citizen's pages, the gateway's call, and the way back from it."""

from django.urls import path

from web.portal.payment import calls, pages

urlpatterns = [
    path("pay/", pages.choose, name="pay"),
    path("pay/find/", pages.find, name="pay_find"),
    path("pay/confirm/", pages.confirm, name="pay_confirm"),
    path("pay/state/", pages.state, name="pay_state"),
    path("pay/receipts/<uuid:payment_id>.pdf", pages.receipt, name="pay_receipt"),
    path("pay/nestpay/callback/", calls.callback, name="pay_callback"),
    path("pay/return/ok/", calls.came_back, name="pay_returned"),
    path("pay/return/failed/", calls.came_back, name="pay_returned_failed"),
]
