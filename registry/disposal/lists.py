"""Disposal lists: proposed, reviewed, approved by another person with the right, ordered."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.outbox import enqueue
from language.lines import one_line
from org.models import Department, RetentionText, User
from org.people import permissions_of
from registry.acts import record_act
from registry.disposal.chains import chains_of
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.past_retention import Over, letters_past_retention
from registry.disposal.proving import APPROVED, ORDERED, PROPOSED, REFUSED, REVIEWED
from registry.disposal.rights import decides, letters_judged_by, proposes, scope_of
from registry.kinds import RegistryJob
from registry.models.disposal import REASON, DisposalEntry, DisposalList
from registry.states import ConflictError

MOST: Final = 500  # letters on a list: what a person can look through
MOST_IN_ALL: Final = 20_000  # with the rest of the chains of answers in which those stand
FATES: Final = (RetentionText.Fate.DESTROY, RetentionText.Fate.TRANSFER)
_TRIES: Final = 5
_State = DisposalList.State


def foreseen(user: User, fate: str, *, department: Department | None = None) -> list[Over]:
    """Return the letters that a list proposed now would hold: MOST, and the rest of their chains.

    A chain longer than a list that cannot go whole is left out, so that others have their turn.
    """
    among = letters_judged_by(permissions_of(user))
    if department is not None:
        among = among.filter(department=department)
    rows = letters_past_retention(among, fate)
    found: dict[UUID, Over] = {}
    passed: set[UUID] = set()
    while len(found) < MOST and (part := list(islice(rows, MOST - len(found)))):
        new = {one.letter.pk: one for one in part if one.letter.pk not in passed}
        chains = chains_of(new)
        rest = {pk for chain in chains for pk in chain} - new.keys() - found.keys()
        beside = {
            one.letter.pk: one for one in letters_past_retention(among.filter(pk__in=rest), fate)
        }
        known = found | new | beside
        for chain in chains:
            whole = chain <= known.keys() and len(found | dict.fromkeys(chain)) <= MOST_IN_ALL
            if whole:
                found |= {pk: known[pk] for pk in chain}
            elif len(chain) > MOST:
                passed |= chain
            else:
                found |= {pk: known[pk] for pk in chain & new.keys()}
    return sorted(found.values(), key=lambda one: (one.letter.registered_at, one.letter.pk))


def propose(
    *, actor: User, fate: str, department: Department | None = None, remark: str = ""
) -> DisposalList:
    """Propose a list of the letters whose time is over, the oldest first, as `foreseen` says.

    Raise DisposalNotAllowedError, also where there is no such letter.
    """
    permissions = permissions_of(actor)
    mine = scope_of(permissions)
    if not proposes(permissions):
        raise DisposalNotAllowedError(_("Lists are proposed by archivists and the office."))
    if mine is not None and (department is None or department.pk not in mine):
        raise DisposalNotAllowedError(_("Choose a department that you are the archivist of."))
    if fate not in FATES:
        raise DisposalNotAllowedError(_("Say what is to become of the letters."))
    found = foreseen(actor, fate, department=department)
    if not found:
        raise DisposalNotAllowedError(_("There is no letter whose time is over."))
    values = {"fate": fate, "department": department, "remark": one_line(remark)[:REASON]}
    for attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return _keep(found, actor, values)
        except IntegrityError:  # somebody else took the number, or one of the letters
            if attempt == _TRIES - 1:
                raise
            found = foreseen(actor, fate, department=department)
    raise AssertionError("unreachable")


def _keep(found: Iterable[Over], actor: User, values: dict[str, Any]) -> DisposalList:
    now = timezone.now()
    year = timezone.localdate(now).year
    last = DisposalList.objects.filter(year=year).aggregate(top=Max("serial"))["top"] or 0
    made = DisposalList.objects.create(
        year=year, serial=last + 1, proposed_by=actor, proposed_at=now, **values
    )
    DisposalEntry.objects.bulk_create(
        DisposalEntry(
            disposal=made, letter=one.letter, closed_on=one.closed_on, over_on=one.over_on
        )
        for one in found
    )
    record_act(PROPOSED, actor=actor, data={"list": made.number, "letters": len(list(found))})
    return made


def leave_out(entry: DisposalEntry, *, actor: User, reason: str) -> None:
    """Take a letter off a list that is not decided yet, with the reason."""
    said = one_line(reason)[:REASON]
    if not said:
        raise DisposalNotAllowedError(_("Give a reason."))
    with transaction.atomic():
        held = _locked(entry.disposal, actor, _State.NEW, _State.REVIEWED)
        waiting = held.entries.filter(pk=entry.pk, state=DisposalEntry.State.WAITING)
        if not waiting.update(state=DisposalEntry.State.LEFT_OUT, why=said):
            raise ConflictError


def review(disposal: DisposalList, *, actor: User) -> DisposalList:
    """Record that the list was reviewed."""
    with transaction.atomic():
        held = _locked(disposal, actor, _State.NEW)
        if not held.entries.filter(state=DisposalEntry.State.WAITING).exists():
            raise DisposalNotAllowedError(_("No letter is left on the list."))
        held.state, held.reviewed_by, held.reviewed_at = _State.REVIEWED, actor, timezone.now()
        held.save()
        record_act(REVIEWED, actor=actor, data=_act_data(held))
    return held


def approve(disposal: DisposalList, *, actor: User) -> DisposalList:
    """Approve a list that was reviewed; never by the person who proposed it."""
    with transaction.atomic():
        held = _locked(disposal, actor, _State.REVIEWED)
        if held.proposed_by_id == actor.pk:
            raise DisposalNotAllowedError(_("Another person than who proposed it must approve."))
        held.state, held.decided_by, held.decided_at = _State.APPROVED, actor, timezone.now()
        held.save()
        record_act(APPROVED, actor=actor, data=_act_data(held))
    return held


def refuse(disposal: DisposalList, *, actor: User, reason: str) -> DisposalList:
    """Refuse a list that is not executed, or take it back: its letters may stand on another."""
    said = one_line(reason)[:REASON]
    if not said:
        raise DisposalNotAllowedError(_("Give a reason."))
    with transaction.atomic():
        held = _locked(disposal, actor, _State.NEW, _State.REVIEWED, _State.APPROVED)
        held.state, held.refusal = _State.REFUSED, said
        held.decided_by, held.decided_at = actor, timezone.now()
        held.save()
        waiting = held.entries.filter(state=DisposalEntry.State.WAITING)
        waiting.update(state=DisposalEntry.State.LEFT_OUT, why=said)
        record_act(REFUSED, actor=actor, data=_act_data(held))
    return held


def order(disposal: DisposalList, *, actor: User) -> DisposalList:
    """Have an approved list executed; its job goes on after any end of a worker."""
    with transaction.atomic():
        held = _locked(disposal, actor, _State.APPROVED)
        held.state, held.ordered_by, held.ordered_at = _State.EXECUTING, actor, timezone.now()
        held.save()
        record_act(ORDERED, actor=actor, data=_act_data(held))
        enqueue(RegistryJob.DISPOSAL_EXECUTE, held.pk)
    return held


def _locked(disposal: DisposalList, actor: User, *states: str) -> DisposalList:
    """Return the list as it is, locked, for somebody who may decide, in one of these states."""
    held = DisposalList.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
    if not decides(permissions_of(actor), held):
        words = _(
            "Lists are decided by the archivist whose letters they hold, and who may read them all."
        )
        raise DisposalNotAllowedError(words)
    if held.state not in states:
        raise ConflictError
    return held


def _act_data(held: DisposalList) -> dict[str, Any]:
    letters = held.entries.filter(state=DisposalEntry.State.WAITING).count()
    return {"list": held.number, "fate": held.fate, "letters": letters, "refusal": held.refusal}
