"""The citizens' addresses. None of them names a letter: the session does, for half an hour."""

from django.urls import URLPattern, URLResolver, include, path

from web.portal import (
    after_answer,
    branding,
    deposit,
    follow,
    lost_code,
    pages,
    pieces,
    proving,
    verify,
)
from web.portal.bills.urls import urlpatterns as bills
from web.portal.payment.urls import urlpatterns as payment
from web.portal.readings.urls import urlpatterns as readings
from web.portal.request_page.urls import urlpatterns as request_page
from web.portal.services.urls import urlpatterns as services

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    *services,
    *bills,
    *payment,
    path("portal/privacy/", pages.privacy, name="privacy"),
    path("portal/legal/", pages.legal, name="legal"),
    path("portal/accessibility/", pages.accessibility, name="accessibility"),
    path(".well-known/security.txt", branding.security, name="security"),
    path("institution/<str:language>.webmanifest", branding.manifest, name="manifest"),
    path("institution/logo.png", branding.logo, name="logo"),
    path("institution/icon-<int:side>.png", branding.icon, name="icon"),
    path("institution/theme.css", branding.theme, name="theme"),
    path("portal/deposit/", deposit.deposit, name="deposit"),
    path("portal/deposit/done/", deposit.done, name="done"),
    path("portal/receipt/", deposit.receipt, name="receipt"),
    path("portal/receipt/state/", deposit.receipt_state, name="receipt_state"),
    path("portal/proof/", proving.proof, name="proof"),
    path("follow/", follow.follow, name="follow"),
    path("follow/lost-code/", lost_code.lost_code, name="lost_code"),
    path("follow/tell/", lost_code.send_again, name="tell"),
    path("follow/letter/", follow.letter, name="letter"),
    path("follow/pieces/", pieces.add, name="add_pieces"),
    path("follow/pieces/complete/", pieces.complete, name="pieces_complete"),
    path("follow/pieces/receipt.pdf", pieces.receipt, name="pieces_receipt"),
    path("follow/reopen/", after_answer.reopen, name="reopen"),
    path("follow/rate/", after_answer.rated, name="rated"),
    path("follow/receipt.pdf", after_answer.full_receipt, name="full_receipt"),
    path("rate/<str:token>/", after_answer.by_link, name="rate"),
    *request_page,
    *readings,
    path("follow/leave/", follow.leave, name="leave"),
    path("follow/reply/<uuid:document_id>/", follow.reply, name="reply"),
    path("follow/reply/<uuid:document_id>/<int:number>.webp", follow.reply_page, name="reply_page"),
    path("follow/reply/<uuid:document_id>/file/", follow.reply_file, name="reply_file"),
    path("my/", include("web.portal.contracts.urls")),
    path("my/", include("web.portal.space.urls")),
    path("", include("web.portal.service_form.urls")),
    path("verify/", verify.ask, name="verify_ask"),
    path("verify/<str:token>/", verify.verify, name="verify"),
]
