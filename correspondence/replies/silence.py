"""The silence guard: a term is over without an answer, and silence means something by law.

A draft attestation is submitted to the department; nothing is sent before a person has confirmed
it.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.replies import Reply
from jobs.models import Job
from jobs.outbox import enqueue
from org.models import Membership, User
from registry.changes import lock, record_change
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from routing.clocks.due import OPEN_STAGES, open_letters
from routing.clocks.due_date_words import day_words
from routing.clocks.reckoning import Reckoner
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule, Which
from routing.models.closing import Reopening
from routing.models.states import LIVE

AT_ONCE = 1000


def queue_silence_check() -> None:
    """Queue the search for terms that were over yesterday or before; called once a day."""
    today = timezone.localdate().isoformat()
    if not Job.objects.filter(kind=OutgoingJob.SILENCE_LOOK, subject=today).exists():
        with transaction.atomic():
            enqueue(OutgoingJob.SILENCE_LOOK, today)


def silence_work(_day: str, _progress: Any) -> int:
    """Mark each such letter once and draft its attestation; return how many.

    One short transaction a letter: a worker that is killed resumes where it was.
    """
    return sum(_note(letter_id) for letter_id in silent_letters(timezone.localdate()))


def silent_letters(today: date) -> list[UUID]:
    """Return open, unmarked letters whose term is over where silence means something."""
    noted = LetterEvent.objects.filter(letter=OuterRef("pk"), kind=OutgoingEvent.SILENCE_PASSED)
    answered = Reopening.objects.filter(letter=OuterRef("pk"))  # there was no silence
    kinds = DeadlineRule.objects.filter(active=True, clock=Which.LEGAL).exclude(silence="none")
    own = Q(due_explained__own__silence__in=["approval", "refusal"])
    by_kind = Q(due_explained__own__isnull=True, kind__in=kinds.values("kind_id"))
    letters = open_letters().filter(own | by_kind, ~Exists(noted), ~Exists(answered))
    letters = letters.filter(due_on__lt=today)
    return list(letters.order_by("due_on").values_list("pk", flat=True)[:AT_ONCE])


def _note(letter_id: UUID) -> bool:
    with transaction.atomic():
        letter = Letter.objects.select_related("register", "kind").get(pk=letter_id)
        lock(letter)
        rule = Reckoner.load(kind_id=letter.kind_id).legal_rule(
            letter, kind_id=letter.kind_id, department_id=letter.department_id
        )
        over = letter.due_on is not None and letter.due_on < timezone.localdate()
        if rule is None or rule.silence == rule.Silence.NONE or not over:
            return False
        if letter.stage not in OPEN_STAGES:
            return False
        rows: list[Model] = [row for row in [_draft(letter, rule)] if row]
        data = {"effect": str(rule.silence), "due_on": letter.due_on, "draft": bool(rows)}
        record_change(letter, OutgoingEvent.SILENCE_PASSED, actor=None, data=data, rows=rows)
    return True


def _draft(letter: Letter, rule: DeadlineRule) -> Reply | None:
    """Draft the attestation for the department that has the letter; return None where none has."""
    live = Assignment.objects.filter(letter=letter, role="action", state__in=LIVE)
    given = live.select_related("person", "department").order_by("assigned_at").first()
    if given is None:
        return None
    author = given.person or _head_of(given)
    if author is None:
        return None
    now = timezone.now()
    with override(letter.language or "fr"):
        reply = Reply(
            letter=letter,
            department=given.department,
            author=author,
            subject=_("Attestation of silence: %(number)s") % {"number": letter.number},
            body=_words(letter, rule),
            created_at=now,
            changed_at=now,
        )
    reply.save(force_insert=True)
    return reply


def _head_of(given: Assignment) -> User | None:
    members = Membership.objects.filter(department=given.department, user__is_active=True)
    first = members.order_by("role", "user_id").select_related("user").first()  # "head" sorts first
    return first.user if first else None


def _words(letter: Letter, rule: DeadlineRule) -> str:
    """Return the words of the attestation, in the active language; a person reviews it."""
    language = letter.language or "fr"
    said = {
        "number": letter.number,
        "received": day_words(timezone.localdate(letter.received_at).isoformat()),
        "due": day_words(str(letter.due_on)),
        "basis": (getattr(rule, f"basis_{language}", "") or rule.basis_fr).rstrip(" ."),
    }
    if rule.silence == rule.Silence.APPROVAL:
        words = _(
            "Your request no. %(number)s, received on %(received)s, was not answered within the "
            "term that ended on %(due)s. The silence of the administration means approval."
        )
    else:
        words = _(
            "Your request no. %(number)s, received on %(received)s, was not answered within the "
            "term that ended on %(due)s. The silence of the administration means refusal; you may "
            "appeal."
        )
    basis = _("Basis: %(basis)s.") % said if said["basis"] else ""
    return "\n\n".join(filter(None, [words % said, basis]))
