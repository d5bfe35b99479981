"""Addresses of requests at the desk."""

from django.urls import path

from web.desk.requests import listing, verbs

LETTER = "letters/<uuid:letter_id>/request"
urlpatterns = [
    path("requests/", listing.show, name="requests"),
    path(f"{LETTER}/actions/<slug:name>/", verbs.act, name="on_request"),
    path(f"{LETTER}/messages/", verbs.write, name="write_message"),
    path(f"{LETTER}/children/", verbs.open_trade, name="open_trade"),
]
