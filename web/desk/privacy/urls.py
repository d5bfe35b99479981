"""The addresses of personal data; they stand among the desk's."""

from typing import Final

from django.urls import path

from web.desk.privacy import pages, rectifications

HOME: Final = "personal-data/"
SUBJECT: Final = f"{HOME}of/<slug:kind>/<str:pk>/"
ONE: Final = f"{HOME}rectifications/<int:rectification_id>/"
urlpatterns = [
    path(HOME, pages.found, name="personal_data"),
    path(f"{HOME}print-outs/", pages.printed, name="printouts"),
    path(f"{HOME}rectifications/", rectifications.listed, name="rectifications"),
    path(SUBJECT, pages.subject, name="data_subject"),
    path(f"{SUBJECT}print/", pages.print_out, name="print_data"),
    path(f"{SUBJECT}rectify/", rectifications.record_new, name="record_rectification"),
    path(ONE, rectifications.show, name="rectification"),
    path(f"{ONE}<slug:what>/", rectifications.decide, name="on_rectification"),
]
