"""The addresses of citizens' mandates; they stand among the desk's."""

from django.urls import path

from web.desk.mandates import pages

urlpatterns = [
    path("mandates/", pages.listed, name="mandates"),
    path("mandates/<uuid:mandate_id>/proof/", pages.proof, name="mandate_proof"),
    path("mandates/<uuid:mandate_id>/decide/", pages.decide, name="decide_mandate"),
]
