"""Addresses of the citizen's page of a request. None of them names a letter: the session does."""

from django.urls import path

from web.portal.request_page import pictures, verbs, works

urlpatterns = [
    path("follow/request/action/", verbs.act, name="request_action"),
    path("follow/request/message/", verbs.write, name="request_message"),
    path("follow/request/document/<uuid:document_id>/", verbs.document, name="request_document"),
    path("follow/request/quotation/", works.decide_quotation, name="decide_quotation"),
    path("follow/request/minutes-<int:number>.pdf", works.minutes, name="minutes_file"),
    path("follow/request/picture/<uuid:document_id>/", pictures.picture, name="request_picture"),
    path("follow/request/quotation-<int:number>.pdf", works.quotation_file, name="quotation_file"),
]
