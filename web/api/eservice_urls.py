"""Addresses of the API for requests of services."""

from django.urls import path

from web.api import eservice_requests

REQUEST = "v1/requests/<uuid:request_id>"
urlpatterns = [
    path("v1/requests", eservice_requests.RequestsView.as_view(), name="requests"),
    path(REQUEST, eservice_requests.RequestView.as_view(), name="request"),
    path(
        f"{REQUEST}/actions/<slug:action>",
        eservice_requests.RequestActionView.as_view(),
        name="request_action",
    ),
    path(
        f"{REQUEST}/messages",
        eservice_requests.RequestMessagesView.as_view(),
        name="request_messages",
    ),
]
