"""The URLs of the archives."""

from typing import Final

from django.urls import path

from web.desk.archives import holds, pages

LIST: Final = "archives/lists/<int:list_id>/"
urlpatterns = [
    path("archives/", pages.listed, name="disposals"),
    path("archives/new/", pages.new, name="new_disposal"),
    path("archives/holds/", holds.listed, name="holds"),
    path(LIST, pages.show, name="disposal"),
    path(f"{LIST}execute/", pages.execute, name="execute_disposal"),
    path(f"{LIST}live/", pages.live, name="disposal_live"),
    path(f"{LIST}certificate.pdf", pages.certificate, name="disposal_certificate"),
    path(f"{LIST}<slug:what>/", pages.decide, name="on_disposal"),
    path("archives/entries/<int:entry_id>/", pages.leave_out, name="leave_out"),
    path("letters/<uuid:letter_id>/hold/", holds.on_letter, name="on_hold"),
]
