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

from correspondence.models.dispatch import Dispatch
from correspondence.replies.filing import PROBLEMS as SIGNING_PROBLEMS
from jobs.models import Job
from jobs.runner import try_again, worker_is_alive
from ocr.problems import PROBLEMS as READING_PROBLEMS
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from routing.check.times import days_of_checks
from web.desk.guard import StaffRequest, go_on, page, verb, watches_jobs

KINDS: Final[dict[str, Any]] = {
    "letter.index": gettext_lazy("Put into the search"),
    "index.rebuild": gettext_lazy("Build the search index anew"),
    "index.repair": gettext_lazy("Compare the search index with the register"),
    "letter.read": gettext_lazy("Read the letter"),
    "letter.read_again": gettext_lazy("Read the letter with care"),
    "letter.render": gettext_lazy("Make pages of an office document"),
    "letter.compare": gettext_lazy("Look whether the letter is here already"),
    "letter.archive": gettext_lazy("Make the searchable PDF"),
    "letter.meaning": gettext_lazy("Let the letter be found by meaning"),
    "meaning.fill": gettext_lazy("Let earlier letters be found by meaning"),
    "letter.understand": gettext_lazy("Understand the letter"),
    "letter.contact": gettext_lazy("Find the sender in the directory"),
    "letter.route": gettext_lazy("Route the letter"),
    "rules.try": gettext_lazy("Try a rule on past letters"),
    "receipt.render": gettext_lazy("Draw the receipt"),
    "reply.sign": gettext_lazy("Sign the reply"),
    "mailing.carry": gettext_lazy("Work through a mailing"),
    "reply.dispatch": gettext_lazy("Send the reply"),
    "mailbox.fetch": gettext_lazy("Fetch the mailbox"),
    "folder.look": gettext_lazy("Look into the watched folder"),
    "batch.look": gettext_lazy("Look through a batch of scans"),
    "batch.register": gettext_lazy("Register the letters of a batch"),
    "partner.tell": gettext_lazy("Tell a partner’s system"),
    "mail.bounced": gettext_lazy("Tell of a reply that came back"),
    "reply.draw": gettext_lazy("Draw the reply"),
    "day.close": gettext_lazy("Close the day"),
    "search.export": gettext_lazy("Make an export"),
    "search.alerts": gettext_lazy("Look for what is new in saved searches"),
    "search.tell": gettext_lazy("Tell somebody of new letters"),
    "model.retrain": gettext_lazy("Learn from what people decided"),
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
