"""Addresses of forms. None names a draft: the session does, or a code that is typed."""

from django.urls import path

from web.portal.service_form import asker, papers, questions, receipts, resuming, sending

urlpatterns = [
    path("draft/", resuming.resume, name="resume"),
    path("draft/<uuid:draft_id>/", resuming.take_up, name="take_up_draft"),
    path("portal/receipt/<str:token>/", receipts.receipt_by_link, name="receipt_by_link"),
    path("services/<str:code>/start/", questions.start, name="service_start"),
    path("services/<str:code>/form/<str:page>/", questions.page, name="service_page"),
    path("services/<str:code>/pieces/", papers.pieces, name="service_pieces"),
    path("services/<str:code>/contact/", asker.contact, name="service_contact"),
    path("services/<str:code>/contact/verify/", asker.verify, name="service_verify"),
    path("services/<str:code>/check/", sending.check, name="service_check"),
    path("services/<str:code>/done/", sending.done, name="service_done"),
    path("services/<str:code>/keep/", resuming.keep, name="service_keep"),
    path("services/<str:code>/give-up/", resuming.give_up, name="service_give_up"),
    path("services/<str:code>/close/", resuming.close, name="service_close"),
]
