"""Addresses of paying: the citizen's pages, the gateway's call, and the way back from it."""

from django.urls import path

from web.portal.payment import calls

urlpatterns = [
    path("pay/nestpay/callback/", calls.callback, name="pay_callback"),
    path("pay/return/ok/", calls.came_back, name="pay_returned"),
    path("pay/return/failed/", calls.came_back, name="pay_returned_failed"),
]
