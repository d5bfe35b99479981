"""Addresses of the digital agency at the desk."""

from django.urls import path

from web.desk.agency import verbs

LETTER = "letters/<uuid:letter_id>/agency"
urlpatterns = [
    path(f"{LETTER}/charges/", verbs.charge, name="agency_charge"),
    path(f"{LETTER}/charges/drop/", verbs.uncharge, name="agency_uncharge"),
    path(f"{LETTER}/meter/", verbs.meter, name="agency_meter"),
    path(f"{LETTER}/last-index/", verbs.last_index, name="agency_last_index"),
    path(f"{LETTER}/final-bill/", verbs.final_bill, name="agency_final_bill"),
    path(f"{LETTER}/look/", verbs.look, name="agency_look"),
    path(f"{LETTER}/plan/", verbs.plan, name="agency_plan"),
    path(f"{LETTER}/deliver/", verbs.send_paper, name="agency_deliver"),
]
