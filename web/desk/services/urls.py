"""The URLs of the catalogue's administration; they stand among the desk's."""

from django.urls import path

from web.desk.services import edit, pages, publishing, simple, whole

HOME = "administration/services/"
SERVICE = f"{HOME}<slug:code>/"
VERSION = f"{SERVICE}versions/<int:version>/"
urlpatterns = [
    path(HOME, pages.listed, name="services"),
    path(f"{HOME}new/", whole.new, name="new_service"),
    path(f"{HOME}new/simple/", simple.simple, name="simple_service"),
    path(SERVICE, pages.service, name="service"),
    path(f"{SERVICE}edit/<slug:section>/", edit.edit, name="edit_service"),
    path(f"{SERVICE}whole/", whole.whole, name="whole_service"),
    path(VERSION, pages.version_page, name="service_version"),
    path(f"{VERSION}file.toml", pages.file, name="service_file"),
    path(f"{VERSION}publish/", publishing.publish_it, name="publish_service"),
    path(f"{VERSION}withdraw/", publishing.withdraw_it, name="withdraw_service"),
]
