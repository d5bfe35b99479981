"""Exports: requested, made by a job, downloaded, and deleted after some days.

Rights are checked when the file is made and again when it is fetched; both are acts on record.
"""

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import events
from identity.kinds import SecurityKind
from jobs.outbox import enqueue
from org.models import User
from registry.acts import record_act
from registry.models.letters import Letter
from search.address.request import LONGEST, SearchRequest
from search.exports.models import Export, ExportedLetter
from search.kinds import SearchJob

MOST_WAITING: Final = 3  # exports of one person that are not made yet
SHOWN: Final = 30
_ZIPPED: Final = (Export.Source.SEARCH, Export.Source.PERSON)
PROBLEMS: Final = {
    "export_no_right": gettext_lazy("You may not read letters any more."),
    "export_disk_full": gettext_lazy(
        "There is no room on the office’s disk. The administrator must make some; then ask again."
    ),
    "export_too_large": gettext_lazy(
        "The documents are larger than an export may be. Narrow the search down."
    ),
    "export_too_many": gettext_lazy(
        "More letters are found than an export may hold. Narrow the search down."
    ),
    "export_nothing": gettext_lazy("Nothing is found any more."),
    "worker_lost": gettext_lazy("The office stopped while it was being made. Ask again."),
}
# Of a print-out of what the office holds of a person.
_OF_PERSON: Final = {
    "export_no_right": gettext_lazy("You may not print personal data any more."),
    "export_too_large": gettext_lazy(
        "The documents are larger than a print-out may be. Make it without documents."
    ),
    "export_too_many": gettext_lazy(
        "There are more documents than a print-out may hold. Make it without documents."
    ),
    "export_nothing": gettext_lazy("The office does not find this person any more."),
}


class NoSuchExportError(LookupError):
    """The person has no such export."""


class ExportRefusedError(Exception):
    """The export is refused; the message is in the person's words; `code` is stable."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class MadeExport:
    """A complete file in EXPORT_DIR, the letters that may be read in it, and how many rows."""

    file_name: str
    size: int
    sha256: str
    letters: list[UUID]
    count: int


_RIGHTS: Final[dict[str, Callable[[User], bool]]] = {}


def add_right(source: str, may: Callable[[User], bool]) -> None:
    """Let files of this source be fetched by those alone who may, besides reading their letters."""
    _RIGHTS[source] = may


def problem_of(export: Export) -> str:
    """Return why there is no file, in the active language; "" where nothing is wrong."""
    if not export.problem:
        return ""
    words: Mapping[str, Any] = PROBLEMS
    if export.source == Export.Source.PERSON:
        words = {**PROBLEMS, **_OF_PERSON}
    return str(words.get(export.problem, _("It could not be made. Ask again.")))


def request_export(*, person: User, asked: SearchRequest, format: str, language: str) -> Export:
    """Have the result of a search exported.

    Raise ExportRefusedError.
    """
    if format not in Export.Format.values:
        raise ExportRefusedError("format", _("There is no such format."))
    found = asked.find(person, limit=1, facets=(), excerpts=False, leave_out=True)
    _bounded(found.total, engine_down=found.engine_down)
    return keep_export(
        person=person,
        source=Export.Source.SEARCH,
        address=asked.address(),
        format=format,
        language=language,
    )


def keep_export(*, person: User, source: str, address: str, format: str, language: str) -> Export:
    """Queue a file of what `source` finds at `address`; the caller has checked the right.

    Raise ExportRefusedError for too long an address, an unknown format, too many at once.
    """
    if format not in Export.Format.values or (
        format == Export.Format.ZIP and source not in _ZIPPED
    ):
        raise ExportRefusedError("format", _("There is no such format."))
    if len(address) > LONGEST:
        raise ExportRefusedError("too_long", _("This search is too long to be kept."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        waiting = Export.objects.filter(person=person, finished_at=None, problem="")
        if waiting.count() >= MOST_WAITING:
            words = _("Three of your exports are being made; wait for one of them.")
            raise ExportRefusedError("waiting", words)
        export = Export.objects.create(
            person=person, source=source, address=address, format=format, language=language
        )
        enqueue(SearchJob.SEARCH_EXPORT, export.pk)
    return export


def _bounded(total: int, *, engine_down: bool) -> None:
    most = settings.EXPORT_MAX_LETTERS
    if engine_down:
        words = _("The search engine is away at the moment; ask again in a while.")
        raise ExportRefusedError("search_unavailable", words)
    if not total:
        raise ExportRefusedError("nothing", _("Nothing is found, so there is nothing to export."))
    if total > most:
        words = _(
            "This finds %(total)d letters, and an export holds at most %(most)d. Narrow it down."
        )
        raise ExportRefusedError("too_many", words % {"total": total, "most": most})


def save_export(export_id: str, made: MadeExport | None) -> None:
    """Save what the job made, once, with its letters and the act on record."""
    if made is None:
        return
    now = timezone.now()
    mine = Export.objects.filter(pk=export_id, finished_at=None)
    if not mine.update(
        finished_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        count=made.count,
        size=made.size,
        sha256=made.sha256,
        file_name=made.file_name,
        problem="",
    ):
        return
    export = Export.objects.select_related("person").get(pk=export_id)
    rows = [ExportedLetter(export=export, letter_id=key) for key in made.letters]
    ExportedLetter.objects.bulk_create(rows, batch_size=500)
    letters = "\n".join(sorted(map(str, made.letters)))
    data = {
        **_named(export),
        "letters": len(made.letters),
        "letters_sha256": hashlib.sha256(letters.encode()).hexdigest(),
    }
    record_act("export_made", actor=export.person, data=data)
    told = {"export": data["export"], "format": export.format, "letters": len(made.letters)}
    events.record(SecurityKind.EXPORT_MADE, person=export.person, detail=told)


def _named(export: Export) -> dict[str, str]:
    named = {"export": str(export.pk), "format": export.format, "sha256": export.sha256}
    return named if export.source == Export.Source.SEARCH else named | {"source": export.source}


def export_parked(export_id: str, code: str) -> None:
    """Mark the export as failed, which the person's page shows."""
    Export.objects.filter(pk=export_id, finished_at=None).update(problem=code)


def exports_of(person: User, *, source: str = "") -> list[Export]:
    """Return a person's newest exports, of any source or of one."""
    rows = Export.objects.filter(person=person).order_by("-asked_at", "-pk")
    if source:
        rows = rows.filter(source=source)
    return list(rows[:SHOWN])


def get_export(person: User, export_id: UUID) -> Export:
    """Return one of this person's own exports; raise NoSuchExportError for any other."""
    found = Export.objects.filter(person=person, pk=export_id).first()
    if found is None:
        raise NoSuchExportError
    return found


def fetch_export(person: User, export_id: UUID) -> tuple[Export, BinaryIO]:
    """Return the export with its file as a stream, and put the act on record.

    Raise NoSuchExportError, and ExportRefusedError when it is not made or no longer available, or
    when this person may no longer read a letter in it.
    """
    export = get_export(person, export_id)
    if not export.file_name or export.expires_at is None or export.expires_at <= timezone.now():
        raise ExportRefusedError("gone", _("This file is not there (any more). Ask for it again."))
    standing = ExportedLetter.objects.filter(export=export)
    readable = Letter.objects.visible_to(person).filter(pk__in=standing.values("letter_id"))
    may = _RIGHTS.get(export.source)
    if readable.count() != standing.count() or (may is not None and not may(person)):
        words = _("Some letters in this file are no longer yours to read. Ask for it again.")
        raise ExportRefusedError("rights", words)
    try:
        stream = path_of(export.file_name).open("rb")
    except OSError as error:
        words = _("This file is not there (any more). Ask for it again.")
        raise ExportRefusedError("gone", words) from error
    try:
        with transaction.atomic():
            record_act("export_fetched", actor=person, data=_named(export))
            told = {"export": str(export.pk), "format": export.format}
            events.record(SecurityKind.EXPORT_FETCHED, person=person, detail=told)
    except BaseException:
        stream.close()
        raise
    return export, stream


def delete_file(export: Export) -> None:
    """Delete the file; the record that it was made stays."""
    name = export.file_name
    Export.objects.filter(pk=export.pk).update(file_name="")
    if name:
        path_of(name).unlink(missing_ok=True)


def path_of(file_name: str) -> Path:
    """Return the path of an export's file."""
    folder: Path = settings.EXPORT_DIR
    return folder / file_name


def forget_exports() -> int:
    """Delete expired files, and what lost workers left; return how many."""
    now = timezone.now()
    over = Export.objects.filter(expires_at__lte=now).exclude(file_name="")[:200]
    gone = 0
    for export in over:
        delete_file(export)
        gone += 1
    return gone


def forget_strays() -> int:
    """Delete files of EXPORT_DIR, a day old at least, that no row names; return how many."""
    folder: Path = settings.EXPORT_DIR
    if not folder.is_dir():
        return 0
    limit = (timezone.now() - timedelta(days=1)).timestamp()
    gone = 0
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime > limit:
                continue
            if not Export.objects.filter(file_name=path.name).exists():
                path.unlink()
                gone += 1
    return gone
