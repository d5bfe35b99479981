"""The health of the office, line by line: how it is, and what to do where it is not well."""

import platform
import shutil
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import django
from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels.mailbox.reading import mailbox_state
from correspondence.models.dispatch import Dispatch
from correspondence.models.states import DispatchState
from jobs.mailing import mail_leaves
from jobs.models import Job
from jobs.runner import worker_is_alive
from org.institution import institution_on
from org.models import Department, User
from org.sizes import file_size
from org.written_days import date_format
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.verifying import last_verified
from search.contract import EngineError
from search.services import index_state
from web.desk.administration import health_around as around
from web.desk.administration.finding import BAD, OK, WARN, Finding
from web.desk.administration.health_columns import columns
from web.desk.administration.health_inside import inside, services
from web.desk.administration.health_proof import proof
from web.monitoring.parts import answers

ROOT: Final = Path(__file__).resolve().parents[3]
SLOW: Final = timedelta(minutes=10)
STUCK: Final = timedelta(hours=1)
OLD_VERIFY: Final = timedelta(days=31)
_VERIFY: Final = "manage verify_register"
_MAIL_ERRORS: Final = (
    *("mail_away", "mail_no_tls", "mail_login", "mail_deferred", "mail_refused", "mail_given_up"),
    "address_refused",
)
LEAST_SHARE, LEAST_BYTES = 0.10, 2 * 1024**3


def findings() -> list[Finding]:
    """Return all lines, the troubled ones first."""
    lines = [line for look in _LOOKS for line in look()]
    rank = {BAD: 0, WARN: 1, OK: 2}
    return sorted(lines, key=lambda line: rank[line.state])


def versions() -> list[tuple[str, str]]:
    """Return what this office runs on."""
    return [
        ("Sijill", _own_version()),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        (_("Database"), _database_version()),
        (_("Search"), "Elasticsearch" if settings.SEARCH_URL else "Tantivy"),
        (_("Work in the background"), "Celery" if settings.BROKER_URL else _("in this process")),
    ]


def _own_version() -> str:
    try:
        told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(told["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "—"


def _database_version() -> str:
    if connection.vendor == "postgresql":
        return f"PostgreSQL {getattr(connection, 'pg_version', '')}"
    import sqlite3

    return f"SQLite {sqlite3.sqlite_version}"


def _worker() -> Iterator[Finding]:
    if worker_is_alive():
        yield Finding(_("Worker"), OK, _("A worker is alive."))
    elif not settings.BROKER_URL or answers("broker"):  # else its own line says why none is heard
        todo = _("Start one: ./sijill up, or manage work beside a broker.")
        if settings.BROKER_URL:
            todo = _("Start Celery’s workers: docs/operations.md, Two shapes.")
        yield Finding(_("Worker"), BAD, _("No worker was heard of: nothing is read or sent."), todo)


def _queues() -> Iterator[Finding]:
    now, name = timezone.now(), _("Waiting work")
    ready = Job.objects.filter(state="ready", run_after__lte=now, error_code="")
    oldest = ready.aggregate(since=Min("run_after"))["since"]
    age = now - oldest if oldest else timedelta(0)
    state = BAD if age > STUCK else WARN if age > SLOW else OK
    minutes = int(age.total_seconds() // 60)
    words = ngettext("The oldest waits %(n)d minute.", "The oldest waits %(n)d minutes.", minutes)
    todo = "" if state == OK else _("See what is running on the office’s page; add workers.")
    shown = words % {"n": minutes} if oldest else _("Nothing waits.")
    yield Finding(name, state, shown, todo, reverse("desk:office"))
    if parked := Job.objects.filter(state="parked").count():
        words = ngettext("%(n)d job stopped.", "%(n)d jobs stopped.", parked) % {"n": parked}
        todo = _("Read why on the office’s page, mend it, and try again.")
        yield Finding(_("Stopped work"), BAD, words, todo, reverse("desk:office"))


def _closing() -> Iterator[Finding]:
    name, today = _("Daily closing"), timezone.localdate()
    last = DailyClosing.objects.order_by("-day").first()
    first = Letter.objects.order_by("registered_at").values_list("registered_at", flat=True).first()
    if first is None or timezone.localtime(first).date() >= today:
        yield Finding(name, OK, _("No day with letters is over yet."))
        return
    day = date_format(last.day, "j F Y") if last else "—"
    late = last is None or last.day < today - timedelta(days=7)
    words = _("The last closed day: %(day)s") % {"day": day}
    todo = _("A day without changes needs none; else: manage close_day, and keep a worker running.")
    yield Finding(name, WARN if late else OK, words, todo if late else "")


def _verify() -> Iterator[Finding]:
    name, last = _("Verification"), last_verified()
    if last is None:
        words = _("The register was never verified.")
        yield Finding(name, WARN, words, _("Press “Verify now” below."), command=_VERIFY)
    elif last.data.get("problems"):
        words = _("Problems found on %(day)s: %(n)d")
        said = words % {"n": last.data["problems"], "day": date_format(last.at, "j F Y")}
        todo = _("Something was changed behind the application: manage verify_register names it.")
        yield Finding(name, BAD, said, todo)
    else:
        at = date_format(timezone.localtime(last.at), "DATETIME_FORMAT")
        words = _("Whole on %(day)s.") % {"day": at}
        old = timezone.now() - last.at > OLD_VERIFY
        if old:
            yield Finding(name, WARN, words, _("Verify again."), command=_VERIFY)
        else:
            yield Finding(name, OK, words)


def _disk() -> Iterator[Finding]:
    found = shutil.disk_usage(settings.DATA_DIR)
    share = found.free / found.total
    short = share < LEAST_SHARE or found.free < LEAST_BYTES
    empty = share < LEAST_SHARE / 3 or found.free < LEAST_BYTES / 4
    words = _("%(free)s of %(total)s are free.")
    said = words % {"free": file_size(found.free), "total": file_size(found.total)}
    todo = _("Make room, or give DATA_DIR a larger disk: without room no letter is taken.")
    state = BAD if empty else WARN if short else OK
    yield Finding(_("Disk"), state, said, todo if short else "")


def _index() -> Iterator[Finding]:
    name = _("Search index")
    try:
        state = index_state()
    except EngineError:
        words = _("The search engine is away; letters are registered all the same.")
        yield Finding(name, BAD, words, _("Start it, and look at SEARCH_URL."))
        return
    if state == "ready" or (state == "missing" and not Letter.objects.exists()):
        yield Finding(name, OK, _("Ready."))
    else:
        words, todo = (
            _("It is not of this version, or missing."),
            _("At once: manage rebuild_index"),
        )
        yield Finding(name, WARN, words, todo)


def _mailbox() -> Iterator[Finding]:
    name, state = _("Mailbox"), mailbox_state()
    if not state.configured:
        yield Finding(name, OK, _("None is set (MAILBOX_URL)."))
    elif state.problem:
        todo = _("Look at MAILBOX_URL and the mail server; it is tried again by itself.")
        yield Finding(name, BAD, state.problem, todo, reverse("desk:mailbox"))
    else:
        yield Finding(name, OK, _("It is fetched."))


def _mails() -> Iterator[Finding]:
    name = _("Outgoing mail")
    if not mail_leaves():
        words = _("No mail server is set: invitations, reminders and answers reach nobody.")
        yield Finding(name, WARN, words, _("Set EMAIL_URL, as in smtp://user@host:25"))
    if failed := Dispatch.objects.filter(state=DispatchState.FAILED).count():
        words = ngettext(
            "%(n)d answer was not delivered.", "%(n)d answers were not delivered.", failed
        )
        todo = _("Each lies with its department under “came back”: another way is chosen there.")
        yield Finding(name, WARN, words % {"n": failed}, todo)
    stuck = Job.objects.filter(state__in=["ready", "parked"], error_code__in=_MAIL_ERRORS).count()
    if stuck:
        words = ngettext("%(n)d message did not leave.", "%(n)d messages did not leave.", stuck)
        todo = _("Try the mail server on the page of channels; see the office’s page for each.")
        by_hand = "manage try_channel email --to "
        said, link = words % {"n": stuck}, reverse("desk:channels")
        yield Finding(name, WARN, said, todo, link, command=f"{by_hand}ADDRESS")
    if mail_leaves() and not failed and not stuck:
        yield Finding(name, OK, _("A mail server is set, and nothing failed."))


def _organisation() -> Iterator[Finding]:
    name = _("Organisation")
    office = Department.objects.filter(head_office=True, active=True)
    clerks = User.objects.filter(is_active=True, duty=User.Duty.CLERK)
    wanted: list[tuple[bool, Any, str]] = [
        (institution_on() is None, _("The institution has no name."), "desk:institution"),
        (not Register.objects.exists(), _("There is no register."), "desk:registers"),
        (not office.exists(), _("No department is the registry office."), "desk:departments"),
        (not clerks.exists(), _("There is no clerk who receives letters."), "desk:people"),
    ]
    lacking = [(words, place) for lacks, words, place in wanted if lacks]
    for words, place in lacking:
        yield Finding(name, BAD, words, _("Complete it on its page."), reverse(place))
    if not lacking:
        yield Finding(name, OK, _("Institution, registers, registry office and clerks are there."))


_LOOKS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    *(
        services,
        _worker,
        _queues,
        _closing,
        _verify,
        _disk,
        _index,
        _mailbox,
        _mails,
        _organisation,
    ),
    *(
        proof,
        columns,
        around.certificates,
        inside,
        around.signing,
        around.backups,
        around.sign_ins,
        around.partners,
        around.confinement,
    ),
)
