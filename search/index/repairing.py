"""Comparison of database and index along the ids, and repair: bounded memory, short reads."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from jobs.errors import Transient, Unavailable
from registry.models.letters import Letter
from search.contract import EngineError, EngineUnavailable
from search.engines import get_engine
from search.index.keeping import ANEW, queue_rebuild
from search.index.many_documents import documents_of

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
_PAGE: Final = 1_000
_DIGITS: Final = 32
_AT_ONCE: Final = 200


@dataclass(slots=True)
class Repair:
    """Counts of letters.

    `ahead` are known to the index in a later version than the database's, which happens after a
    backup was restored; only a rebuild corrects that.
    """

    letters: int = 0
    missing: int = 0
    too_old: int = 0
    orphaned: int = 0
    ahead: int = 0

    @property
    def sound(self) -> bool:
        """Whether database and index agreed."""
        return not (self.missing or self.too_old or self.orphaned or self.ahead)

    def as_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def repair_index(
    progress: Progress = lambda done, total: None, *, only_look: bool = False
) -> Repair:
    """Compare and repair: index what is missing or too old, remove what the database lacks.

    Concurrent changes do no harm: what is put twice is the same, and nothing is removed that the
    database has. Raise EngineError when the engine cannot answer.
    """
    repair = Repair()
    total = Letter.objects.count()
    get_engine().settle()
    for letters, known in _pages(""):
        repair.letters += len(letters)
        wanted = _compare(repair, letters, known)
        orphans = [key for key in known if key not in letters]
        orphans = [key for key in orphans if key not in _present(orphans)] if orphans else []
        repair.orphaned += len(orphans)
        if not only_look:
            for start in range(0, len(wanted), _AT_ONCE):
                get_engine().put(documents_of(wanted[start : start + _AT_ONCE]))
            if orphans:
                get_engine().remove(orphans)
        progress(repair.letters, max(total, repair.letters))
    return repair


def _compare(repair: Repair, letters: dict[str, int], known: dict[str, int]) -> list[str]:
    """Count the differences of one page; return the letters to be indexed."""
    missing = [key for key in letters if key not in known]
    too_old = [key for key, version in letters.items() if known.get(key, version) < version]
    repair.missing += len(missing)
    repair.too_old += len(too_old)
    repair.ahead += sum(known.get(key, version) > version for key, version in letters.items())
    return missing + too_old


def _pages(beginning: str) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """Yield (versions in the database, versions in the index) of the ids that begin so.

    In hexadecimal digits; where there are too many, sixteen times those with one digit more.
    """
    low, high = UUID(beginning.ljust(_DIGITS, "0")), UUID(beginning.ljust(_DIGITS, "f"))
    rows = Letter.objects.filter(pk__gte=low, pk__lte=high).order_by("pk")
    # The index first: what is registered in between is then missing there and put, not orphaned.
    known = dict(get_engine().known(_as_written(beginning), limit=_PAGE + 1))
    letters = {str(key): version for key, version in rows.values_list("pk", "version")[: _PAGE + 1]}
    if max(len(known), len(letters)) <= _PAGE or len(beginning) == _DIGITS:
        yield letters, known
        return
    for digit in "0123456789abcdef":
        yield from _pages(beginning + digit)


def _as_written(digits: str) -> str:
    """Return hexadecimal digits with the dashes that an id has among them."""
    groups = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(group for group in groups if group)


def _present(ids: list[str]) -> set[str]:
    """Return those of these ids that the database has now."""
    wanted = [UUID(key) for key in ids if _is_uuid(key)]
    return {str(key) for key in Letter.objects.filter(pk__in=wanted).values_list("pk", flat=True)}


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def repair_work(_subject: str, progress: Progress) -> None:
    """Do the work of the job `index.repair`, once a night."""
    try:
        repair = repair_index(progress)
    except EngineUnavailable as error:
        raise Unavailable("search_unavailable", str(error)) from error
    except EngineError as error:
        raise Transient("search_refused", str(error)) from error
    if not repair.sound:
        log.warning("search index repaired: %s", repair.as_json())
    if repair.ahead:
        queue_rebuild(ANEW)
        return
    try:
        get_engine().merge()
    except EngineError as error:  # answers are right all the same, only slower
        log.warning("search index not merged: %s", error)
