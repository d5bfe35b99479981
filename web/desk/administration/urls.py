"""The URLs of the administration; they stand among the desk's."""

from django.urls import path

from web.desk.administration import front, institution

HOME = "administration/"
urlpatterns = [
    path(HOME, front.front, name="administration"),
    path(f"{HOME}institution/", institution.show, name="institution"),
    path(
        f"{HOME}institution/<int:version_id>/logo.png", institution.picture, name="institution_logo"
    ),
]
