"""The clerk's check: which letters wait for it, who has one open, and its decision."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from org.models import Department, User
from org.people import permissions_of
from registry.changes import lock, record_change
from registry.intake import PartyData
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from registry.models.readings import DocumentReading
from registry.models.registers import Register
from registry.states import ConflictError, Stage
from routing.acting.access import need
from routing.acting.changing import changing_letter
from routing.acting.situations import ROUTED
from routing.acting.verbs import LetterVerb
from routing.assigning.giving import give
from routing.check.decisions import decide_all
from routing.inbox.reading import WAITING_STAGES
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.check import CheckClaim
from routing.models.states import LIVE
from routing.models.suggestions import Suggestion

Viewer = User | AnonymousUser

# What a check is for. Who wrote from where, for how much and with what is checked along with it.
CHECKED: Final = ("kind", "subject", "sender", "document_date", "external_reference")
_OPEN: Final = (Stage.REGISTERED, Stage.IN_HAND)
LEASE: Final = timedelta(minutes=5)
# `turn` is 0 for urgent letters of the tray, 1 for its others and 2 for letters that a rule
# assigned; `pk` tells equal ones apart.
ORDER: Final = ("turn", "registered_at", "pk")


def check_queue(viewer: Viewer) -> LetterQuerySet:
    """Return the letters that wait for a check, in ORDER; empty for users who do not route.

    A letter of the tray waits as long as at least one of its CHECKED facts is undecided, or, where
    all that was read of a document is a guess (handwriting), as long as it has no subject; one that
    an automatic rule assigned waits only where such a fact is proposed but was too unsure to be
    filled in. Letters that a person has assigned do not wait, nor do letters that say nothing. The
    order is: letters of the tray marked urgent, then the tray, then the rest, the longest waiting
    first. A letter that a clerk left to colleagues stays, with `check_claim.unsure`. Current
    suggestions come with the letters.
    """
    suggestions = Prefetch("suggestions", Suggestion.objects.filter(current=True))
    return (
        _waiting(viewer)
        .for_lists()
        .select_related("check_claim__person")
        .prefetch_related(suggestions)
    )


def _waiting(viewer: Viewer) -> LetterQuerySet:
    if not isinstance(viewer, User):
        return Letter.objects.none()
    permissions = permissions_of(viewer)
    if not (permissions.is_office or permissions.duty == User.Duty.DIRECTOR):
        return Letter.objects.none()
    given = Assignment.objects.filter(letter=OuterRef("pk"), role="action", state__in=LIVE)
    by_person = given.filter(assigned_by__isnull=False)
    open_facts = Q(Exists(_undecided(*CHECKED))) | Q(Exists(_guessed()), subject="")
    in_tray = ~Exists(given) & open_facts
    by_rule = Exists(given) & ~Exists(by_person) & Q(stage__in=_OPEN) & _unfilled()
    waiting: LetterQuerySet = (
        Letter.objects.visible_to(viewer)
        .filter(
            in_tray | by_rule,
            stage__in=WAITING_STAGES,
            register__in=Register.objects.filter(direction__in=ROUTED).values("pk"),
        )
        .annotate(turn=_turn(given))
        .order_by(*ORDER)
    )
    return waiting


def _undecided(*fields: str) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(
        letter=OuterRef("pk"), field__in=fields, current=True, decision="pending"
    )


def _guessed() -> QuerySet[DocumentReading]:
    return DocumentReading.objects.filter(
        document__letter=OuterRef("pk"), current=True, problem="doubtful"
    )


def _unfilled() -> Q:
    """Return the condition that a fact is proposed and not yet filled in."""
    senders = Party.objects.filter(letter=OuterRef("pk"), role=Party.Role.SENDER)
    return (
        Q(Exists(_undecided("kind")), kind__isnull=True)
        | Q(Exists(_undecided("document_date")), document_date__isnull=True)
        | Q(Exists(_undecided("subject")), subject="")
        | Q(~Exists(senders) & Exists(_undecided("sender")))
    )


def _turn(given: QuerySet[Assignment]) -> Case:
    urgent = Suggestion.objects.filter(letter=OuterRef("pk"), field="urgency", current=True)
    return Case(
        When(Exists(given), then=Value(2)),
        When(Exists(urgent.exclude(decision="corrected")), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )


def next_to_check(viewer: User, *, after: Letter | None = None, turn: int = 0) -> Letter | None:
    """Return the next letter for this person: behind the position `after`, else from the start.

    Skip `after` itself, letters that a colleague has open and those that a clerk was unsure of.
    Return None where nothing else waits.
    """
    free = _waiting(viewer).exclude(_taken(viewer))
    if after is None:
        return free.first()
    others = free.exclude(pk=after.pk)
    behind = others.filter(
        Q(turn__gt=turn)
        | Q(turn=turn, registered_at__gt=after.registered_at)
        | Q(turn=turn, registered_at=after.registered_at, pk__gt=after.pk)
    )
    found: Letter | None = behind.first() or others.first()
    return found


def turn_of(letter: Letter) -> int:
    """Return the letter's position in the queue; call it before a decision changes it."""
    given = Assignment.objects.filter(letter=OuterRef("pk"), role="action", state__in=LIVE)
    found = Letter.objects.filter(pk=letter.pk).annotate(turn=_turn(given))
    return int(found.values_list("turn", flat=True).get())


def _taken(viewer: User) -> Q:
    claims = CheckClaim.objects.filter(letter=OuterRef("pk"))
    elsewhere = claims.exclude(person=viewer).filter(until__gt=timezone.now())
    return Q(Exists(elsewhere)) | Q(Exists(claims.filter(unsure=True)))


def claim(letter: Letter, *, actor: User) -> CheckClaim | None:
    """Claim the letter for LEASE, so that colleagues get others; an existing claim is kept.

    Return the claim of a colleague who has it open or was unsure of it, else None. The claim only
    keeps two people apart: correctness depends on the letter's version alone.
    """
    now = timezone.now()
    claims = CheckClaim.objects.filter(letter=letter)
    present = claims.select_related("person").first()
    if present and present.person_id != actor.pk and (present.until > now or present.unsure):
        return present
    CheckClaim.objects.bulk_create(
        [CheckClaim(letter=letter, person=actor, until=now + LEASE)],
        update_conflicts=True,
        unique_fields=["letter"],
        update_fields=["person", "until"],
    )
    return None


def leave_unsure(letter: Letter, *, actor: User) -> None:
    """Leave the letter's check to a colleague; it stays in tray and queue with the clerk's name."""
    with changing_letter(letter, actor=actor, verb=LetterVerb.CORRECT):
        CheckClaim.objects.update_or_create(
            letter=letter, defaults={"person": actor, "until": timezone.now(), "unsure": True}
        )
        record_change(letter, RoutingEvent.CHECK_LEFT, actor=actor)


def check_letter(
    letter: Letter,
    *,
    actor: User,
    seen: int,
    changes: dict[str, Any],
    sender: PartyData | None,
    others: dict[str, str],
    wrong: Collection[UUID],
    department: Department | None,
) -> None:
    """Record the decision about a letter's facts (`decisions.decide_all`) in one transaction.

    Assign the letter to `department` where one is named. `seen` is the letter's version that the
    clerk decided about. Raise ConflictError where it has changed since, NotAllowedError, and
    BadCorrectionError for a value that cannot be kept.
    """
    with transaction.atomic():
        lock(letter)
        if letter.version != seen:
            raise ConflictError
        decide_all(
            letter,
            actor=actor,
            changes=changes,
            sender=sender,
            others=others,
            wrong=wrong,
            department=department.code if department else "",
        )
        if department:
            need(actor, letter, LetterVerb.ASSIGN)
            give(letter, department=department, actor=actor)
        CheckClaim.objects.filter(letter=letter).delete()
