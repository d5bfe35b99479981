"""The circuit that a reply takes, and its steps copied into the reply's own."""

from collections.abc import Iterable

from django.db.models import Max, Model, Q
from django.utils.translation import gettext_lazy as _

from correspondence.acting.rights import first_steps
from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit, CircuitStep, ReplyStep, StepState, Who
from correspondence.replies.registering import grant_reader_access
from org.models import Department, Membership, User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError


def circuits_for(department: Department, letter: Letter | None) -> list[Circuit]:
    """Return the active circuits that fit, the closest first: the first one is the default.

    `letter` is the one that is answered, if there is one.
    """
    kind = letter.kind_id if letter else None
    rows = Circuit.objects.filter(
        Q(department=department) | Q(department=None),
        Q(kind=kind) | Q(kind=None) if kind else Q(kind=None),
        active=True,
    )
    return sorted(rows, key=lambda c: (c.department_id is None, c.kind_id is None, c.pk))


def begin_round(reply: Reply, *, circuit: Circuit | None) -> list[Model]:
    """Write the steps of a new round, in the transaction of the submission; return the rows.

    Without a circuit the default one is taken, or the office's rule where none fits. People to whom
    a step falls may read the letter from then on (`correspondence.replies.registering`). Raise
    NotAllowedError where the circuit does not fit, or a step falls to somebody who cannot take it.
    """
    letter = reply.letter
    fitting = circuits_for(reply.department, letter)
    if circuit is not None and circuit not in fitting:
        raise NotAllowedError(_("This circuit is not for replies of this kind."))
    chosen = circuit or next(iter(fitting), None)
    steps = _copies(reply, chosen) if chosen else first_steps(reply)
    last = ReplyStep.objects.filter(reply=reply).aggregate(last=Max("round"))["last"] or 0
    rows: list[Model] = []
    for step in steps:
        step.round = last + 1
        step.save(force_insert=True)
        rows.append(step)
        if chosen:
            rows += _let_read(letter, step)
    return rows


def _copies(reply: Reply, circuit: Circuit) -> list[ReplyStep]:
    steps = list(circuit.steps.select_related("person", "department"))
    if not steps:
        raise NotAllowedError(_("This circuit has no step."))
    first = steps[0].rank
    return [
        ReplyStep(
            reply=reply,
            circuit=circuit,
            round=0,
            position=position,
            rank=step.rank,
            act=step.act,
            who=step.who,
            person=step.person if step.who == Who.PERSON else None,
            department=_department(step, reply),
            state=StepState.DUE if step.rank == first else StepState.LATER,
        )
        for position, step in enumerate(steps, start=1)
    ]


def _department(step: CircuitStep, reply: Reply) -> Department | None:
    if step.who in (Who.HEAD, Who.HEAD_OR_DIRECTOR):
        return reply.department
    return step.department if step.who == Who.HEAD_OF else None


def _let_read(letter: Letter | None, step: ReplyStep) -> list[Model]:
    """Address the letter to the people to whom the step falls.

    A draft that answers none is readable by them already (`routing.acting.access`).
    """
    asked = _people_of(step)
    if not asked:
        raise NotAllowedError(_("A step of this circuit falls to nobody at present."))
    if letter is None:
        return []
    rows = grant_reader_access(letter, step)
    if not any(_reads(person, letter) for person in asked):
        words = _("A step of this circuit falls to somebody who may not read this letter.")
        raise NotAllowedError(words)
    return rows


def _people_of(step: ReplyStep) -> list[User]:
    """Return the active people to whom the step falls."""
    people = User.objects.filter(is_active=True)
    if step.who == Who.PERSON:
        return list(people.filter(pk=step.person_id or 0))
    asked = Q(pk=None)
    if step.department:
        heads = Membership.objects.filter(department=step.department, role="head")
        asked |= Q(pk__in=heads.values("user"))
    if step.who in (Who.DIRECTOR, Who.HEAD_OR_DIRECTOR):
        asked |= Q(duty=User.Duty.DIRECTOR)
    return list(people.filter(asked).order_by("pk")[:50])


def _reads(person: User, letter: Letter) -> bool:
    return Letter.objects.visible_to(person).filter(pk=letter.pk).exists()


def shown_steps(steps: Iterable[CircuitStep]) -> list[list[CircuitStep]]:
    """Return steps rank by rank, those taken in parallel together, as pages show a circuit."""
    ranks: dict[int, list[CircuitStep]] = {}
    for step in steps:
        ranks.setdefault(step.rank, []).append(step)
    return [ranks[rank] for rank in sorted(ranks)]
