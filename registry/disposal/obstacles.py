"""Why a letter on a disposal list must stay: a hold, reopened, a request, money, its other half."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from org.models import RetentionText
from org.retention import schedule
from registry.disposal.chains import kin_of
from registry.disposal.past_retention import ENDED, closing_days, years_after
from registry.disposal.rules import rules
from registry.models.disposal import DisposalEntry, LegalHold
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest

WORDS: Final[dict[str, Any]] = {
    "hold": _("held back by a legal hold"),
    "open": _("open again"),
    "void": _("a request to void it waits"),
    "time": _("its time is not over any more"),
    "request": _("its request is under way"),
    "payment": _("money is still due or on its way"),
    "linked": _("the letter that it answers, or its answer, stays"),
    "package": _("its package for the archives could not be read again"),
}


def why_they_stay(
    entry: DisposalEntry, *, packed: bool = False, today: date | None = None
) -> dict[UUID, str]:
    """Return the reasons to keep the letters that are linked with the entry's and wait on its list.

    A reason to keep one of them keeps all; none where all may go. `packed` includes the packages of
    all of them, where the list goes to the archives.
    """
    kin = kin_of(entry.letter_id)
    own = _why(kin, fate=entry.disposal.fate, today=today)
    here = DisposalEntry.objects.filter(
        letter__in=kin, disposal=entry.disposal_id, state=DisposalEntry.State.WAITING
    )
    packages = dict(here.values_list("letter_id", "package"))
    if packed and entry.disposal.fate != RetentionText.Fate.DESTROY:
        missing = [pk for pk, package in packages.items() if not package]
        own = dict.fromkeys(missing, "package") | own
    if not own and not kin - packages.keys():
        return {}
    return {pk: own.get(pk, "linked") for pk in packages}


def _why(letter_ids: Iterable[UUID], *, fate: str, today: date | None) -> dict[UUID, str]:
    """Return what keeps these letters here by themselves; those that are gone have nothing."""
    found: dict[UUID, str] = {}
    letters = list(Letter.objects.filter(pk__in=letter_ids, disposal=None))
    ids = [letter.pk for letter in letters]
    found |= _time(letters, fate, today or timezone.localdate())
    for ask in rules().obstacles:
        found |= ask(ids)
    pending = VoidRequest.objects.filter(letter__in=ids, decision="pending")
    found |= dict.fromkeys(pending.values_list("letter_id", flat=True), "void")
    found |= {letter.pk: "open" for letter in letters if letter.stage not in ENDED}
    held = LegalHold.objects.filter(letter__in=ids, lifted_at=None)
    return found | dict.fromkeys(held.values_list("letter_id", flat=True), "hold")


def _time(letters: list[Letter], fate: str, day: date) -> dict[UUID, str]:
    """Return the letters whose time is not over, by the schedule as it is now."""
    rows, closed = schedule(), closing_days([letter.pk for letter in letters])
    found = {}
    for letter in letters:
        row = rows.get(letter.kind_id) or rows.get(None)
        ended = closed.get(letter.pk) or timezone.localdate(letter.registered_at)
        fits = row is not None and row.fate == fate and row.years
        if not fits or row is None or years_after(ended, row.years or 0) > day:
            found[letter.pk] = "time"
    return found
