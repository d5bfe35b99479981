"""Addresses of exports, part of the desk's."""

from django.urls import path

from web.desk.exports import pages, requesting

urlpatterns = [
    path("lists/file/", requesting.ask_list, name="ask_list"),
    path("search/exports/", pages.listed, name="exports"),
    path("search/exports/live/", pages.live, name="exports_live"),
    path("search/exports/new/", pages.ask, name="ask_export"),
    path("search/exports/<uuid:export_id>/file/", pages.fetch, name="fetch_export"),
    path("search/exports/<uuid:export_id>/delete/", pages.remove, name="delete_export"),
    path("register/file/", requesting.ask_book, name="ask_book"),
]
