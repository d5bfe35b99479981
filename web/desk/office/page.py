"""The office page: what waits, what runs, what needs a person's attention, in plain words."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.kinds import ChannelJob
from correspondence.kinds import OutgoingJob
from correspondence.models.dispatch import Dispatch
from correspondence.replies.filing import PROBLEMS as SIGNING_PROBLEMS
from eservices.kinds import EserviceJob
from figures.kinds import FiguresJob
from identity.kinds import IdentityJob
from jobs.models import Job
from jobs.runner import try_again, worker_is_alive
from notices.kinds import NoticesJob
from ocr.kinds import OcrJob
from ocr.problems import PROBLEMS as READING_PROBLEMS
from org.kinds import OrgJob
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from routing.check.times import days_of_checks
from routing.kinds import RoutingJob
from search.kinds import SearchJob
from web.shared.guard import StaffRequest, go_on, page, verb, watches_jobs

KINDS: Final[dict[str, Any]] = {
    EserviceJob.QUOTATION_DRAW: gettext_lazy("Draw a quotation"),
    EserviceJob.MINUTES_DRAW: gettext_lazy("Draw the minutes of a meeting"),
    EserviceJob.REQUEST_TELL: gettext_lazy("Tell the citizen that a request has moved on"),
    RegistryJob.LETTER_INDEX: gettext_lazy("Put into the search"),
    SearchJob.INDEX_REBUILD: gettext_lazy("Build the search index anew"),
    SearchJob.INDEX_REPAIR: gettext_lazy("Compare the search index with the register"),
    RegistryJob.LETTER_READ: gettext_lazy("Read the letter"),
    OcrJob.LETTER_READ_AGAIN: gettext_lazy("Read the letter with care"),
    OcrJob.LETTER_RENDER: gettext_lazy("Make pages of an office document"),
    RegistryJob.LETTER_COMPARE: gettext_lazy("Look whether the letter is here already"),
    RegistryJob.LETTER_ARCHIVE: gettext_lazy("Make the searchable PDF"),
    SearchJob.LETTER_MEANING: gettext_lazy("Let the letter be found by meaning"),
    SearchJob.MEANING_FILL: gettext_lazy("Let earlier letters be found by meaning"),
    SearchJob.MEANING_WORDS: gettext_lazy("Learn which words of the letters mean the same"),
    RegistryJob.LETTER_UNDERSTAND: gettext_lazy("Understand the letter"),
    RoutingJob.LETTER_CONTACT: gettext_lazy("Find the sender in the directory"),
    RoutingJob.LETTER_ROUTE: gettext_lazy("Route the letter"),
    RoutingJob.LETTERS_TOGETHER: gettext_lazy("Do one action on many letters"),
    RoutingJob.RULES_TRY: gettext_lazy("Try a rule on past letters"),
    RegistryJob.RECEIPT_RENDER: gettext_lazy("Draw the receipt"),
    RegistryJob.RECEIPT_FULL: gettext_lazy("Issue the receipt with due date"),
    RoutingJob.PIECES_TELL: gettext_lazy("Tell the citizen of missing pieces"),
    OutgoingJob.REPLY_SIGN: gettext_lazy("Sign the reply"),
    OutgoingJob.MAILING_CARRY: gettext_lazy("Work through a mailing"),
    OutgoingJob.REPLY_DISPATCH: gettext_lazy("Send the reply"),
    IdentityJob.IDENTITY_RESET: gettext_lazy("Send a link to a new password"),
    IdentityJob.IDENTITY_NOTICE: gettext_lazy("Tell a person of a change to their account"),
    IdentityJob.IDENTITY_STAND_IN: gettext_lazy("Tell people of a stand-in"),
    ChannelJob.MAILBOX_FETCH: gettext_lazy("Fetch the mailbox"),
    ChannelJob.FOLDER_LOOK: gettext_lazy("Look into the watched folder"),
    ChannelJob.BATCH_LOOK: gettext_lazy("Look through a batch of scans"),
    ChannelJob.BATCH_REGISTER: gettext_lazy("Register the letters of a batch"),
    ChannelJob.PARTNER_TELL: gettext_lazy("Tell a partner’s system"),
    ChannelJob.PARTNER_OFF: gettext_lazy("Write that a partner’s address was switched off"),
    ChannelJob.MAIL_BOUNCED: gettext_lazy("Tell of a reply that came back"),
    OutgoingJob.REPLY_DRAW: gettext_lazy("Draw the reply"),
    OutgoingJob.POSTING_DRAW: gettext_lazy("Draw a list for the post office"),
    OutgoingJob.SILENCE_LOOK: gettext_lazy("Look for terms that are over without an answer"),
    RoutingJob.CLOCKS_RECOMPUTE: gettext_lazy("Compute the due dates anew"),
    RoutingJob.REMINDERS_LOOK: gettext_lazy("Look for letters to be reminded of"),
    RoutingJob.REMINDERS_TELL: gettext_lazy("Send reminders by e-mail"),
    OutgoingJob.SENDER_TELL: gettext_lazy("Send a message to the sender of a letter"),
    EserviceJob.REQUEST_DRAW: gettext_lazy("Draw the answers of a request"),
    EserviceJob.DRAFT_TELL: gettext_lazy("Send the code of a form that is not sent yet"),
    RegistryJob.NOTICE_SPREAD: gettext_lazy("Find whom an event concerns"),
    NoticesJob.NOTICE_TELL: gettext_lazy("Send a notification by e-mail"),
    NoticesJob.NOTICE_PUSH: gettext_lazy("Push a notification to browsers"),
    NoticesJob.NOTICES_LOOK: gettext_lazy("Look for notifications of the day"),
    NoticesJob.NOTICES_DIGEST: gettext_lazy("Send the notifications of the day by e-mail"),
    OrgJob.ABSENCE_TELL: gettext_lazy("Tell a person that they stand in"),
    RoutingJob.NOTES_TELL: gettext_lazy("Tell somebody that a note names them"),
    FiguresJob.FIGURES_MONTH: gettext_lazy("Count the figures of a month"),
    FiguresJob.FIGURES_REPORT: gettext_lazy("Send figures by mail"),
    RegistryJob.DAY_CLOSE: gettext_lazy("Close the day"),
    RegistryJob.LEDGER_SEAL: gettext_lazy("Seal entries of the register"),
    RegistryJob.ANCHOR_LOOK: gettext_lazy("Anchor the register outside"),
    RegistryJob.ANCHOR_MAKE: gettext_lazy("Bring a checkpoint to its place"),
    RegistryJob.REGISTER_VERIFY: gettext_lazy("Verify the register"),
    RegistryJob.DISPOSAL_EXECUTE: gettext_lazy("Execute a disposal list"),
    RegistryJob.CONTACT_COMPARE: gettext_lazy("Compare a contact with the others"),
    RegistryJob.DISPOSAL_FILES: gettext_lazy("Delete files that were locked"),
    SearchJob.SEARCH_EXPORT: gettext_lazy("Make an export"),
    SearchJob.SEARCH_ALERTS: gettext_lazy("Look for what is new in saved searches"),
    EserviceJob.DANGER_ALARM: gettext_lazy("Raise the alarm for danger"),
    EserviceJob.FIELD_ENDED: gettext_lazy("File the photos of a work order"),
    SearchJob.SEARCH_TELL: gettext_lazy("Tell somebody of new letters"),
    OrgJob.PEOPLE_INVITE: gettext_lazy("Send an invitation"),
    OutgoingJob.DEPARTMENT_HAND_OVER: gettext_lazy(
        "Give the letters of a closed department to its heir"
    ),
    RoutingJob.MODEL_RETRAIN: gettext_lazy("Learn from what people decided"),
    EserviceJob.AGENCY_BEGIN: gettext_lazy("Deliver a paper or find the bills of a request"),
    EserviceJob.AGENCY_GO_ON: gettext_lazy("Go on with a request that was paid"),
    EserviceJob.AGENCY_LOOK: gettext_lazy("Look for requests that were paid elsewhere"),
    EserviceJob.CONTRACTS_IMPORT: gettext_lazy("Import of a file of contracts, meters or bills"),
    EserviceJob.BILLS_LOOK: gettext_lazy("Look for new bills"),
    EserviceJob.BILL_TELL: gettext_lazy("Tell a customer of a new bill"),
    EserviceJob.RECEIPT_TELL: gettext_lazy("Send the receipt of a payment"),
    EserviceJob.REFUND_TELL: gettext_lazy("Tell a payer that money went back"),
    EserviceJob.CENTRE_LOOK: gettext_lazy("Look for requests that are late or come back"),
    EserviceJob.BANK_LOOK: gettext_lazy("Look into the folder of the bank"),
    EserviceJob.BANK_TAKE: gettext_lazy("Take a file of the bank"),
    EserviceJob.PAYMENTS_LOOK: gettext_lazy("Ask the bank about payments without an answer"),
    EserviceJob.CODE_SEND: gettext_lazy("Send a citizen their code"),
    EserviceJob.CODE_AGAIN: gettext_lazy("Send a letter’s code again"),
    EserviceJob.MANDATE_TELL: gettext_lazy("Tell a citizen of a mandate"),
    EserviceJob.READING_CHECK: gettext_lazy("Check a meter reading and its photo"),
    EserviceJob.READING_TELL: gettext_lazy("Tell a customer of a declined reading"),
    EserviceJob.READING_WARN: gettext_lazy("Tell a customer of unusual use"),
    EserviceJob.READING_REMIND: gettext_lazy("Remind customers of a round of readings"),
}
CODES: Final[dict[str, Any]] = {
    **SIGNING_PROBLEMS,
    "webhook_address": gettext_lazy("The partner’s address cannot be called."),
    "webhook_refused": gettext_lazy("The partner’s system refused the message."),
    "webhook_away": gettext_lazy("The partner’s system is away; it is tried again by itself."),
    "watch_folder": gettext_lazy("The watched folder cannot be read; it is tried again by itself."),
    "worker_lost": gettext_lazy("The worker stopped each time it tried this."),
    "original_missing": gettext_lazy("An original is not in the vault. Call the administrator."),
    "vault": gettext_lazy("The vault cannot be reached."),
    "search_unavailable": gettext_lazy("The search engine is away; it is tried again by itself."),
    "search_refused": gettext_lazy("The search engine refused the letter."),
    "smtp_away": gettext_lazy("The mail server is away; it is tried again by itself."),
    "export_disk_full": gettext_lazy("There is no room on the disk for an export. Make some."),
    "export_too_large": gettext_lazy("The documents are larger than an export may be."),
    "export_too_many": gettext_lazy("More letters than an export may hold."),
    "mail_away": gettext_lazy("The mail server is away; it is tried again by itself."),
    "no_mail_server": gettext_lazy(
        "No mail server is set: the message waits and has not been sent."
    ),
    "no_sms_gateway": gettext_lazy(
        "No SMS gateway is set: the message is kept as a file, not sent."
    ),
    "push_away": gettext_lazy("No push service can be reached; it is tried again by itself."),
    "address_refused": gettext_lazy("The mail server refused the address."),
    "bad_address": gettext_lazy("The mail server refused the address."),
}
PARKED_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job in words; `letter` only where this user may open it."""

    job: Job
    kind: Any
    words: str
    letter: Letter | None


@page(watches_jobs)
def office(request: StaffRequest) -> HttpResponse:
    """Show the page; its live half is also a fragment."""
    context = {**_state(request), "checks": days_of_checks()}
    return render(request, "web/office.html", context)


@page(watches_jobs)
def office_live(request: StaffRequest) -> HttpResponse:
    """Return a fragment: counts, running and waiting work."""
    return render(request, "web/parts/office_live.html", _state(request))


@verb(watches_jobs)
def retry(request: StaffRequest, job_id: int) -> HttpResponse:
    """Try a parked job once more."""
    if try_again(job_id):
        messages.success(request, _("It is tried again."))
    else:
        messages.warning(request, _("Somebody did that already."))
    return go_on(request, otherwise="/office/")


def _state(request: StaffRequest) -> dict[str, Any]:
    live = Job.objects.filter(state__in=["ready", "running", "parked"])
    counts = dict(live.values_list("state").annotate(n=Count("id")).values_list("state", "n"))
    running = list(live.filter(state="running").order_by("id")[:10])
    parked = list(live.filter(state="parked").order_by("-id")[:PARKED_SHOWN])
    letters = _letters(request, [*running, *parked])
    waiting = (
        live.filter(state="ready").values("kind").annotate(n=Count("id"), since=Min("created_at"))
    )
    return {
        "counts": {state: counts.get(state, 0) for state in ("ready", "running", "parked")},
        "running": [_shown(job, letters) for job in running],
        "parked": [_shown(job, letters) for job in parked],
        "waiting": [
            (kind_words(row["kind"]), row["n"], row["since"]) for row in waiting.order_by("kind")
        ],
        "troubled": _troubled(live),
        "worker": worker_is_alive(),
    }


def _troubled(live: Any) -> list[ShownJob]:
    """Return work that waits because a service was unavailable, newest first."""
    rows = live.filter(state="ready").exclude(error_code="").order_by("-id")[:10]
    return [_shown(job, {}) for job in rows]


def kind_words(kind: str) -> str:
    """Return what a kind of job does."""
    return str(KINDS.get(kind, kind))


def error_words(job: Job) -> str:
    """Return why a job failed in plain words; its own message as a last resort."""
    code = job.error_code
    known = CODES.get(code) or READING_PROBLEMS.get(code)
    if known:
        return str(known)
    return job.last_error or _("It failed in a way nobody foresaw (%(code)s).") % {"code": code}


def _shown(job: Job, letters: dict[str, Letter]) -> ShownJob:
    return ShownJob(
        job=job,
        kind=kind_words(job.kind),
        words=error_words(job) if job.error_code else "",
        letter=letters.get(job.subject),
    )


def _letters(request: StaffRequest, jobs: list[Job]) -> dict[str, Letter]:
    """Map job subjects to letters that this user may read, in three queries at most."""
    ids: dict[str, UUID] = {}
    for job in jobs:
        try:
            ids[job.subject] = UUID(job.subject)
        except ValueError:
            continue
    owners: dict[UUID, UUID] = {value: value for value in ids.values()}
    for model in (Receipt, Dispatch):
        rows: Any = model
        owners |= dict(rows.objects.filter(pk__in=ids.values()).values_list("pk", "letter_id"))
    visible = Letter.objects.visible_to(request.user).in_bulk(list(owners.values()))
    return {s: visible[owners[i]] for s, i in ids.items() if owners[i] in visible}
