"""Letters of long ago, whose time is over, and the people who decide about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from org.models import RetentionText, User
from org.retention import save_retention
from registry.changes import move_stage, record_change
from registry.disposal import lists
from registry.disposal.executing import execute_work, save_executed
from registry.kinds import RegistryEvent
from registry.models.disposal import DisposalList
from registry.models.letters import Letter, ReplyLink
from tests.factories import department, deposit, drain, kind, person

TEXTS = {"text_ar": "نحتفظ بها", "text_fr": "Nous les gardons"}


@contextmanager
def years_ago(years: int) -> Iterator[None]:
    """What happens inside happened so many years ago."""
    then = timezone.now() - timedelta(days=366 * years)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: then)
        yield


def schedule(code: str = "", *, years: int = 5, fate: str = "destroy") -> RetentionText:
    """The schedule's row of a kind, or of all others."""
    chosen = kind(code) if code else None
    held = RetentionText.objects.filter(kind=chosen).first()
    values: dict[str, Any] = {**TEXTS, "kind": chosen, "years": years, "fate": fate}
    save_retention(values, actor=None, row=held)
    return RetentionText.objects.get(kind=chosen)


def closed(letter: Letter) -> Letter:
    """The letter, closed."""
    with transaction.atomic():
        move_stage(letter, "closed", actor=person("amina"), kind=RegistryEvent.CLOSED)
    return Letter.objects.get(pk=letter.pk)


def old_letter(*, years: int = 10, unit: str = "", read: bool = False, **given: Any) -> Letter:
    """A letter that was closed so many years ago, of a department, `read` with its jobs done."""
    with years_ago(years):
        letter = deposit(departments=[unit] if unit else [], **given).letter
        if unit:
            with transaction.atomic():
                record_change(
                    letter,
                    RegistryEvent.CORRECTED,
                    actor=None,
                    changes={"department": department(unit)},
                )
        if read:
            drain()
        return closed(Letter.objects.get(pk=letter.pk))


def linked(incoming: Letter, *answers: Letter) -> None:
    """Join an incoming letter with its answers."""
    for answer in answers:
        with transaction.atomic():
            link = ReplyLink.objects.create(incoming=incoming, outgoing=answer)
            record_change(incoming, RegistryEvent.LINKED, actor=None, rows=[link])


def archivist(username: str, *units: str) -> User:
    """An archivist of these departments, or of the whole house."""
    made = User.objects.create_user(username, duty="archivist", clearance=2)
    for unit in units:
        made.memberships.create(department=department(unit))
    return made


def proposed(**given: Any) -> DisposalList:
    """A list as the office proposes it."""
    return lists.propose(actor=given.pop("actor", person("amina")), fate="destroy", **given)


def approved(disposal: DisposalList | None = None) -> DisposalList:
    """A list that the archivist has reviewed and approved."""
    held, who = disposal or proposed(), person("archives")
    return lists.approve(lists.review(held, actor=who), actor=who)


def executed(disposal: DisposalList | None = None) -> DisposalList:
    """A list that was ordered and executed."""
    held = lists.order(disposal or approved(), actor=person("archives"))
    run(held)
    return DisposalList.objects.get(pk=held.pk)


def run(held: DisposalList) -> None:
    """What the job does."""
    certificate = execute_work(str(held.pk), lambda _done, _total: None)
    with transaction.atomic():
        save_executed(str(held.pk), certificate)
