"""What disposal does with each table that leads to a letter, and what keeps a letter here.

A new table is in none of these until it is added (tests/architecture/test_disposal.py).
"""

import shutil
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from channels.batch.models import Batch, BatchLetter
from eservices.bills.models import Bill
from eservices.payments.models import Attempt, AttemptLine
from eservices.privacy.forgetting import OF_PRINTOUT, OF_RECTIFICATION
from eservices.requests.models import Request
from ocr import spool
from ocr.caches import pictures_folder, spool_folder
from registry.disposal.rules import DASH, Blanked, Deleted, Rules

_FIGURES: Final = "counted in figures; its words are emptied"
_MONEY: Final = "accounting, kept as long as its own law demands"
_METERS: Final = "the history of a meter and its contract"
_REQUEST: Final = "request__letter"

_DELETED: Final = (
    Deleted("requests.draftpart", ("file__draft__request__letter",)),
    Deleted("requests.draftfile", ("draft__request__letter",)),
    Deleted("requests.draft", (_REQUEST,)),
    Deleted("requests.message_documents", ("message__request__letter", "document__letter")),
    Deleted("requests.message", (_REQUEST,)),
    Deleted("requests.reserve", ("acceptance__request__letter",)),
    Deleted("requests.acceptance", (_REQUEST,)),
    Deleted("requests.sitemeeting", (_REQUEST,)),
    Deleted("relations.callbacktry", ("task__request__letter", "task__moment__request__letter")),
    Deleted("relations.fieldentry", ("order__request__letter",)),
    Deleted("notices.notice", ("letter", "reply__letter")),
    Deleted("notices.watching", ("letter",)),
    Deleted("people.knownletter", ("letter",)),
    Deleted("search.exportedletter", ("letter",)),
    Deleted("search.lettervector", ("letter",)),
    Deleted("search.searchalert", ("letter",)),
    Deleted("channels.delivery", ("letter",)),
    Deleted("correspondence.postingline", ("dispatch__letter",)),
    Deleted("correspondence.dispatch", ("letter",)),
    Deleted("correspondence.replystep", ("reply__letter",)),
    Deleted("correspondence.addressee", ("reply__letter",)),
    Deleted("correspondence.alsoanswered", ("reply__letter",)),
    Deleted("correspondence.mailingline", ("reply__letter", "mailing__letter")),
    Deleted("correspondence.reply", ("letter",)),
    Deleted("routing.mention", ("note__letter",)),
    Deleted("routing.note", ("letter",)),
    Deleted("routing.opinion", ("letter",)),
    Deleted("routing.suggestion", ("letter", "document__letter")),
    Deleted("routing.custody", ("letter",)),
    Deleted("routing.reminder", ("letter",)),
    Deleted("routing.checkclaim", ("letter",)),
    Deleted("routing.rulematch", ("letter",)),
    Deleted("routing.trialletter", ("letter",)),
    Deleted("routing.bulkline", ("letter", "assignment__letter")),
    Deleted("registry.fingerprintband", ("fingerprint__letter",)),
    Deleted("registry.fingerprint", ("letter", "document__letter")),
    Deleted("registry.samemail", ("letter", "other")),
    Deleted("registry.letterlink", ("letter",)),
    Deleted("registry.piecesrequest", ("letter",)),
    Deleted("registry.rendition", ("document__letter",)),
    Deleted("registry.readingpage", ("document__letter",)),
    Deleted("registry.documentreading", ("document__letter",)),
)
_BLANKED: Final = (
    Blanked("registry.voidrequest", ("letter",), {"reason": DASH}),
    Blanked("registry.legalhold", ("letter",), {"reason": DASH, "lifted_because": DASH}),
    Blanked(
        "routing.assignment",
        ("letter",),
        {"note": "", "matter": "", "reason": DASH, "due_explained": {}},
    ),
    Blanked("routing.clockstop", ("letter",), {"reason": DASH, "restart_reason": DASH}),
    Blanked("routing.clockextension", ("letter",), {"reason": DASH}),
    Blanked("routing.reopening", ("letter",), {"reason": DASH}),
    Blanked("routing.satisfaction", ("letter",), {"remark": ""}),
    Blanked("routing.outcome", ("letter",), {"reason": DASH}),
    Blanked("correspondence.mailing", ("letter",), {"subject": DASH, "body": ""}),
    Blanked("channels.mailitem", ("letter", "about"), {"sender": "", "subject": "", "bounce": {}}),
    Blanked(
        "privacy.rectification",
        ("letter", "about"),
        OF_RECTIFICATION,
    ),
    Blanked("privacy.printout", ("letter",), OF_PRINTOUT),
    Blanked(
        "requests.request",
        ("letter",),
        {
            "answers": {},
            "phone_key": "",
            "email_key": "",
            "person": None,
            "on_behalf_of": None,
            "mandate": None,
        },
    ),
    Blanked(
        "relations.contactmoment",
        (_REQUEST,),
        {"name": "", "phone": "", "phone_key": "", "subject": DASH, "notes": ""},
    ),
    Blanked(
        "relations.callbacktask",
        (_REQUEST, "moment__request__letter"),
        {"name": "", "phone": "", "phone_key": "", "reason": DASH},
    ),
    Blanked(
        "relations.workorder",
        (_REQUEST,),
        {
            "what": DASH,
            "instructions": "",
            "address": "",
            "outcome": "",
            "signature": None,
            "contact_name": "",
            "contact_phone": "",
            "signed_name": "",
            "latitude": None,
            "longitude": None,
        },
    ),
    Blanked(
        "relations.dangeralarm",
        (_REQUEST, "order__request__letter"),
        {"what": DASH, "place": "", "phone": ""},
    ),
)
_KEPT: Final = {
    "registry.contactpoint": "removed or unlinked with the directory's copies",
    "registry.departmentreader": "says who may read the stub",
    "registry.party": "emptied: its row cannot be deleted",
    "registry.document": "its title is emptied: it names the hash of what was there",
    "registry.receipt": "names the hash of what was given, and the sender may hold it",
    "registry.letterevent": "its data are emptied: the chain goes through it",
    "registry.replylink": "two numbers that belong together",
    "registry.disposalentry": "tells of the disposal itself",
    "channels.batchletter": "the pages of a scan by number; its file goes with its last letter",
    "channels.sticker": "a number alone",
    "channels.watcheditem": "keeps a file from being taken twice, by its name",
    "channels.partnerletter": "whose letter it was; the partner may ask for its number",
    "requests.quotation": _MONEY,
    "agency.charge": _MONEY,
    "agency.due": _MONEY,
    "agency.plan": _MONEY,
    "agency.instalment": _MONEY,
    "agency.contractchange": _METERS,
    "readings.reading": _METERS,
    "readings.readingevent": _METERS,
    "bills.bill": _MONEY,
    "bills.billline": _MONEY,
    "bills.settled": _MONEY,
    "bills.allocation": _MONEY,
    "payments.debitline": _MONEY,
    "payments.attemptline": _MONEY,
    "payments.refund": _MONEY,
    "payments.bankline": _MONEY,
    "payments.bankline_batch": _MONEY,
}
_AT_WORK: Final = "a means of the work, computed or never sent"
_NOT_HANDED: Final = {
    **dict.fromkeys(("requests.draftpart", "requests.draftfile", "requests.draft"), _AT_WORK),
    **dict.fromkeys(("notices.notice", "notices.watching", "people.knownletter"), _AT_WORK),
    **dict.fromkeys(("search.exportedletter", "search.lettervector"), _AT_WORK),
    **dict.fromkeys(("search.searchalert", "channels.delivery", "routing.mention"), _AT_WORK),
    **dict.fromkeys(("routing.suggestion", "routing.reminder", "routing.checkclaim"), _AT_WORK),
    **dict.fromkeys(("routing.rulematch", "routing.trialletter"), _AT_WORK),
    **dict.fromkeys(("registry.fingerprint", "registry.fingerprintband"), _AT_WORK),
    "registry.samemail": _AT_WORK,
    "routing.note": "what people write for themselves and their department, never of the letter",
    "registry.rendition": "its files are in the package",
    "registry.readingpage": "the text is in the package",
    "registry.documentreading": "the text is in the package",
}
_PAYING: Final = (Attempt.State.CREATED, Attempt.State.SENT, Attempt.State.UNKNOWN)


def _live_requests(letter_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the letters whose request, or one that was opened from it, is under way."""
    rows = Request.objects.filter(letter__in=list(letter_ids))
    live = rows.filter(Q(ended_at=None) | Q(pk__in=_with_open_children()))
    return dict.fromkeys(live.values_list("letter_id", flat=True), "request")


def _with_open_children() -> "Iterable[object]":
    return Request.objects.filter(ended_at=None).exclude(parent=None).values("parent")


def _live_money(letter_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the letters of whose request something is still to be paid or on its way."""
    rows = Request.objects.filter(letter__in=list(letter_ids))
    due = Bill.objects.filter(remaining__gt=0)
    begun = AttemptLine.objects.filter(attempt__state__in=_PAYING).values("bill")
    live = Q(bills__in=due) | Q(dues__bill__in=due)
    live |= Q(bills__in=begun) | Q(dues__bill__in=begun)
    return dict.fromkeys(rows.filter(live).values_list("letter_id", flat=True), "payment")


def _scan_of(letter_id: UUID) -> set[str]:
    """Return the hash of the scan that the letter was cut from."""
    rows = BatchLetter.objects.filter(letter=letter_id)
    return set(rows.values_list("batch__sha256", flat=True))


def _scans_needed(hashes: Iterable[str]) -> set[str]:
    """Return the scans that hold a letter whose content is still here, or are not registered."""
    rows = Batch.objects.filter(sha256__in=list(hashes))
    needed = rows.filter(Q(letters__letter__disposal=None) | ~Q(state=Batch.State.REGISTERED))
    return set(needed.values_list("sha256", flat=True))


def _forget_caches(sha256: str) -> None:
    """Remove pictures of pages and what waits of a reading."""
    shutil.rmtree(pictures_folder() / sha256[:2] / sha256, ignore_errors=True)
    for name in (sha256, f"{sha256}.careful"):
        spool.forget(spool_folder(), name)


RULES: Final = Rules(
    deleted=_DELETED,
    blanked=_BLANKED,
    kept=_KEPT,
    not_handed=_NOT_HANDED,
    obstacles=(_live_money, _live_requests),
    files=(_scan_of,),
    needed=(_scans_needed,),
    forget=(_forget_caches,),
)
