"""Addresses of requests at the desk."""

from django.urls import path

from web.desk.requests import listing, verbs, works_verbs

LETTER = "letters/<uuid:letter_id>/request"
urlpatterns = [
    path("requests/", listing.show, name="requests"),
    path(f"{LETTER}/actions/<slug:name>/", verbs.act, name="on_request"),
    path(f"{LETTER}/messages/", verbs.write, name="write_message"),
    path(f"{LETTER}/children/", verbs.open_trade, name="open_trade"),
    path(f"{LETTER}/quotations/", works_verbs.quote, name="quote"),
    path(f"{LETTER}/quotations/decision/", works_verbs.decide_quotation, name="decide_quotation"),
    path(
        f"{LETTER}/quotations/<int:number>.pdf", works_verbs.quotation_file, name="quotation_file"
    ),
    path(f"{LETTER}/meetings/", works_verbs.meet, name="meet"),
    path(f"{LETTER}/meetings/<int:number>.pdf", works_verbs.minutes, name="minutes_file"),
    path(f"{LETTER}/acceptances/", works_verbs.accept_works, name="accept_works"),
    path(f"{LETTER}/reserves/", works_verbs.lift, name="lift_reserve"),
]
