"""The desk's addresses."""

from django.urls import path

from web.desk import (
    book,
    check,
    deposit,
    files,
    find,
    front,
    letter,
    lists,
    login,
    office,
    reading,
    replies,
    same,
    verbs,
)

app_name = "desk"
LETTER = "letters/<uuid:letter_id>/"
urlpatterns = [
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
    path("login/", login.LogIn.as_view(), name="login"),
    path("logout/", front.LogOut.as_view(), name="logout"),
    path("deposit/", deposit.deposit, name="deposit"),
    path("tray/", lists.tray, name="tray"),
    path("tray/live/", lists.tray_live, name="tray_live"),
    path("check/", check.queue, name="checks"),
    path("check/<uuid:letter_id>/", check.check_page, name="check_page"),
    path("inbox/", lists.inbox, name="inbox"),
    path("search/", find.search, name="search"),
    path(LETTER, letter.show, name="letter"),
    path(f"{LETTER}registered/", deposit.registered, name="registered"),
    path(f"{LETTER}reading/", letter.reading, name="reading"),
    path(f"{LETTER}receipt.pdf", files.receipt, name="receipt"),
    path(f"{LETTER}receipt/", files.receipt_state, name="receipt_state"),
    path(f"{LETTER}documents/<uuid:document_id>/", files.original, name="original"),
    path(
        f"{LETTER}documents/<uuid:document_id>/searchable.pdf",
        files.searchable,
        name="searchable",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>.webp",
        files.picture,
        name="picture",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>/",
        reading.show,
        name="read_page",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>/correct/",
        reading.correct,
        name="correct_page",
    ),
    path(f"{LETTER}assign/", verbs.assign, name="assign"),
    path(f"{LETTER}check/", verbs.check, name="check"),
    path(
        f"{LETTER}assignments/<uuid:assignment_id>/<slug:what>/",
        verbs.on_assignment,
        name="on_assignment",
    ),
    path(f"{LETTER}replies/", replies.draft, name="draft_reply"),
    path(f"{LETTER}replies/<uuid:reply_id>/file/", replies.reply_file, name="reply_file"),
    path(f"{LETTER}replies/<uuid:reply_id>/<slug:what>/", replies.on_reply, name="on_reply"),
    path(f"{LETTER}same/", same.link, name="link"),
    path(f"{LETTER}same/<uuid:link_id>/undo/", same.unlink, name="unlink"),
    path(f"{LETTER}void/", verbs.ask_void, name="ask_void"),
    path("void/", book.voids, name="voids"),
    path("void/<uuid:void_id>/<slug:what>/", verbs.decide_void, name="decide_void"),
    path("office/", office.office, name="office"),
    path("office/live/", office.office_live, name="office_live"),
    path("office/jobs/<int:job_id>/retry/", office.retry, name="retry"),
    path("register/", book.book, name="book"),
    path("register/closings/", book.closings, name="closings"),
    path("register/closings/<int:closing_id>.pdf", book.closing_page, name="closing_page"),
    path("register/anomalies/", book.anomalies, name="anomalies"),
]
