"""Proposals of duplicate letters and people's decisions on them: links between two letters.

A link belongs to the later letter and is sealed there; both letters' histories record it. Events
name the link and never the other letter: users who may not read that one learn nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.changes import lock, record_change
from registry.doubles.finding import Match
from registry.kinds import EventKind, RegistryEvent, RegistryJob
from registry.models.duplicates import LINK_KINDS, LetterLink, LinkKind, SameMail
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import ConflictError, Stage

Viewer = User | AnonymousUser
_REMINDER_SCORE: Final = 0.7
_SURE_REMINDER_SCORE: Final = 0.9


class LinkNotAllowedError(ValueError):
    """Linking is not allowed; the message says why, in the person's language."""


@dataclass(frozen=True, slots=True)
class Near:
    """A related letter as its reader sees it: proposed (`link` None) or decided.

    `later`: the letter being viewed is the later of the two.
    """

    other: Letter
    kind: str
    score: float
    reasons: tuple[str, ...]
    later: bool
    link: LetterLink | None = None


def propose(letter: Letter, found: Sequence[Match], *, quoted: Iterable[UUID] = ()) -> None:
    """Write what was found for this letter, in the caller's transaction.

    `quoted` are letters whose numbers it names. Pairs that a person has decided are left out.
    """
    every = Letter.objects.select_related("register")
    others = every.in_bulk([*(one.letter_id for one in found), *quoted])
    sure = letter.kind is not None and letter.kind.code == "reminder"
    score = _SURE_REMINDER_SCORE if sure else _REMINDER_SCORE
    rows: dict[UUID, SameMail] = {}
    for pk in quoted:
        if pk in others and _is_later(letter, others[pk]):
            rows[pk] = _quoting(letter, others[pk], score)
    for one in found:
        other = others[one.letter_id]
        kind = LinkKind.DUPLICATE if other.channel == letter.channel else LinkKind.COPY
        rows[one.letter_id] = _row(letter, other, kind, one.score, one.reasons)
    decided = _decided(letter)
    fresh = [row for pk, row in rows.items() if pk not in decided and pk != letter.pk]
    _write(letter, fresh)


def _quoting(letter: Letter, other: Letter, score: float) -> SameMail:
    """Return the proposal that `letter` reminds of what it quotes, or answers it if we sent it."""
    sent = other.register.direction == Register.Direction.OUTGOING
    kind = LinkKind.FOLLOWS if sent else LinkKind.REMINDER
    return _row(letter, other, kind, score, ("quotes_number",))


def _row(one: Letter, other: Letter, kind: str, score: float, reasons: Sequence[str]) -> SameMail:
    later, earlier = (one, other) if _is_later(one, other) else (other, one)
    return SameMail(letter=later, other=earlier, kind=kind, score=score, reasons=list(reasons))


def _is_later(one: Letter, other: Letter) -> bool:
    return (one.registered_at, one.pk) > (other.registered_at, other.pk)


def _decided(letter: Letter) -> set[UUID]:
    standing = LetterLink.objects.filter(undone_at__isnull=True)
    pairs = standing.filter(Q(letter=letter) | Q(other=letter)).values_list("letter", "other")
    return {pk for pair in pairs for pk in pair}


def _write(letter: Letter, rows: Sequence[SameMail]) -> None:
    """Replace this letter's proposals of earlier letters.

    Later letters that are not found any more are queued to be compared again themselves.
    """
    SameMail.objects.filter(letter=letter).delete()
    found = {row.letter_id for row in rows}
    of_later = SameMail.objects.filter(other=letter).exclude(letter__in=found)
    for pk in of_later.values_list("letter", flat=True):
        enqueue(RegistryJob.LETTER_COMPARE, pk)
    SameMail.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["letter", "other"],
        update_fields=["kind", "score", "reasons"],
    )


def link_letters(one: Letter, other: Letter, *, kind: str, actor: User) -> LetterLink:
    """Record how two letters belong together, or that they do not (`different`).

    One event in each history. Raise LinkNotAllowedError, and ConflictError where the pair is
    decided already or one of the two is voided. Whether the actor may is for the caller to check.
    """
    if kind not in LINK_KINDS or one.pk == other.pk:
        raise LinkNotAllowedError(_("These letters cannot be linked so."))
    later, earlier = (one, other) if _is_later(one, other) else (other, one)
    row = LetterLink(letter=later, other=earlier, kind=kind, made_by=actor, made_at=timezone.now())
    try:
        with transaction.atomic():
            _lock_both(later, earlier)
            if Stage.VOIDED in (later.stage, earlier.stage):
                raise ConflictError
            row.save(force_insert=True)
            proposal = SameMail.objects.filter(letter=later, other=earlier).first()
            _record(
                row,
                RegistryEvent.TOLD_APART if kind == LinkKind.DIFFERENT else RegistryEvent.LINKED,
                actor,
                proposal,
            )
            SameMail.objects.filter(letter=later, other=earlier).delete()
    except IntegrityError as error:
        raise ConflictError from error
    return row


def undo_link(link: LetterLink, *, actor: User, reason: str) -> LetterLink:
    """Undo a link, with a reason; the letters are compared again.

    Raise LinkNotAllowedError without a reason, ConflictError where it was undone already.
    """
    reason = one_line(reason)
    if not reason:
        raise LinkNotAllowedError(_("Give a reason for taking the link back."))
    with transaction.atomic():
        _lock_both(link.letter, link.other)
        now = timezone.now()
        standing = LetterLink.objects.filter(pk=link.pk, undone_at__isnull=True)
        if not standing.update(undone_at=now, undone_by=actor, reason=reason):
            raise ConflictError
        link.undone_at, link.undone_by, link.reason = now, actor, reason
        _record(link, RegistryEvent.UNLINKED, actor, None)
        enqueue(RegistryJob.LETTER_COMPARE, link.letter_id)
    return link


def _lock_both(one: Letter, other: Letter) -> None:
    """Lock both letters, always in the same order, to avoid deadlocks."""
    for letter in sorted((one, other), key=lambda letter: letter.pk):
        lock(letter)


def _record(row: LetterLink, kind: EventKind, actor: User, proposal: SameMail | None) -> None:
    data: dict[str, Any] = {"link": str(row.pk), "as": row.kind}
    if row.reason:
        data["reason"] = row.reason
    believed = {"score": proposal.score, "reasons": proposal.reasons} if proposal else {}
    record_change(row.letter, kind, actor=actor, data=data | believed, rows=[row])
    record_change(row.other, kind, actor=actor, data=data)


def near_to(letter: Letter, viewer: Viewer) -> list[Near]:
    """Return the letters related to this one, as far as this person may read them.

    Links first, then proposals, the surest first. Three queries.
    """
    links = LetterLink.objects.filter(undone_at__isnull=True).select_related("made_by")
    links = links.filter(Q(letter=letter) | Q(other=letter)).order_by("made_at")[:50]
    proposals = SameMail.objects.filter(Q(letter=letter) | Q(other=letter))
    proposals = proposals.order_by("-score", "pk")[:20]
    rows: list[LetterLink | SameMail] = [*links, *proposals]
    ids = {row.other_id if row.letter_id == letter.pk else row.letter_id for row in rows}
    readable = Letter.objects.visible_to(viewer).exclude(stage=Stage.VOIDED)
    others = readable.for_lists().in_bulk(ids)
    voided = letter.stage == Stage.VOIDED
    return [near for row in rows if (near := _near(row, letter, others, voided=voided))]


def _near(
    row: LetterLink | SameMail, letter: Letter, others: dict[UUID, Letter], *, voided: bool
) -> Near | None:
    later = row.letter_id == letter.pk
    other = others.get(row.other_id if later else row.letter_id)
    if other is None:
        return None
    if isinstance(row, LetterLink):
        return Near(other, row.kind, 1.0, (), later, link=row)
    if voided:
        return None
    return Near(other, row.kind, row.score, tuple(row.reasons), later)
