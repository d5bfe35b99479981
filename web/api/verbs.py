"""Actions on letters over the API: each view parses its request, calls one function, answers.

What the caller may not read is 404; what they may read but not do is 403.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import Department, User
from registry.access import get_letter
from registry.book import voiding
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from routing.acting.access import need
from routing.assigning import giving
from routing.check import decisions
from routing.closing import outcomes
from routing.inbox import assignments
from routing.models.assignments import Assignment
from web.api import answers, requests
from web.api.access import caller
from web.api.shape import shown
from web.api.view import ApiView, checked, get_or_404, no_such_code, no_words, responses


def department_by_code(code: str) -> Department:
    """Return an active department. Raise ValidationError for any other code."""
    found = Department.objects.filter(code=code, active=True).first()
    if found is None:
        raise no_such_code("department", code)
    return found


def person_by_name(username: str) -> User | None:
    """Return an active person; None without a name. Raise ValidationError for an unknown one."""
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise no_such_code("person", username)
    return found


class AssignView(ApiView):
    """Assignment to a department."""

    @extend_schema(
        operation_id="assign_letter",
        request=requests.AssignIn,
        responses=responses(answers.AssignmentOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Assign the letter to a department, for action or as a copy."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given = checked(requests.AssignIn, request)
        row = giving.assign(
            letter,
            department=department_by_code(given["department"]),
            actor=actor,
            role=given["role"],
            person=person_by_name(given["person"]),
            note=given["note"],
        )
        return shown(answers.AssignmentOut, row, status=201)


class AssignmentVerb(ApiView):
    """Base of an action on one assignment of a letter that the caller may read."""

    def do(self, request: Request, assignment_id: UUID, verb: Callable[..., Any]) -> Response:
        """Perform the action; answer with the assignment's state (of a transfer: the new one)."""
        actor = caller(request)
        rows = Assignment.objects.select_related("letter__register", "department", "person")
        mine = Letter.objects.visible_to(actor)
        row = get_or_404(rows.filter(pk=assignment_id, letter__in=mine))
        return shown(answers.AssignmentOut, verb(row, actor=actor))


class AcceptView(AssignmentVerb):
    """Acceptance."""

    @extend_schema(
        operation_id="accept_assignment",
        request=None,
        responses=responses(answers.AssignmentOut, 403, 404, 409),
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Accept the assignment, for the department."""
        no_words(request)
        return self.do(request, assignment_id, assignments.accept)


class RefuseView(AssignmentVerb):
    """Refusal."""

    @extend_schema(
        operation_id="refuse_assignment",
        request=requests.ReasonIn,
        responses=responses(answers.AssignmentOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Return the letter to the registry office, with a reason."""

        def verb(row: Assignment, *, actor: User) -> Assignment:
            return assignments.refuse(row, actor=actor, **checked(requests.ReasonIn, request))

        return self.do(request, assignment_id, verb)


class TransferView(AssignmentVerb):
    """Transfer to another department."""

    @extend_schema(
        operation_id="transfer_assignment",
        request=requests.TransferIn,
        responses=responses(answers.AssignmentOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Transfer the letter to another department; answer with the new assignment."""

        def verb(row: Assignment, *, actor: User) -> Assignment:
            given = checked(requests.TransferIn, request)
            department = department_by_code(given["department"])
            return assignments.transfer(
                row, actor=actor, department=department, reason=given["reason"]
            )

        return self.do(request, assignment_id, verb)


class SignOffView(AssignmentVerb):
    """Sign-off."""

    @extend_schema(
        operation_id="sign_off_assignment",
        request=requests.SignOffIn,
        responses=responses(answers.AssignmentOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Sign off for the department; the last sign-off closes the letter."""

        def verb(row: Assignment, *, actor: User) -> Assignment:
            return assignments.sign_off(row, actor=actor, **checked(requests.SignOffIn, request))

        return self.do(request, assignment_id, verb)


class OutcomeView(ApiView):
    """Outcome of a letter."""

    @extend_schema(
        operation_id="record_outcome",
        request=requests.OutcomeIn,
        responses=responses(answers.OutcomeOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Record the outcome of a closed letter, or correct it with a reason."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given = checked(requests.OutcomeIn, request)
        row = outcomes.record_outcome(
            letter, actor=actor, value=given["outcome"], reason=given["reason"]
        )
        return shown(answers.OutcomeOut, row)


class CorrectView(ApiView):
    """Correction of facts."""

    @extend_schema(
        operation_id="correct_letter",
        request=requests.CorrectionIn,
        responses=responses(answers.LetterOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Accept or correct the facts of a letter."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given = checked(requests.CorrectionIn, request)
        if not given:
            raise ValidationError({"request": [_("Send at least one fact.")]})
        values = {name: _as_words(value) for name, value in given.items()}
        decisions.decide_suggestion(letter, actor=actor, values=values)
        return shown(answers.LetterOut, get_letter(actor, letter_id), viewer=actor)


def _as_words(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


class VoidRequestsView(ApiView):
    """Requests to void."""

    @extend_schema(
        operation_id="ask_to_void",
        request=requests.ReasonIn,
        responses=responses(answers.VoidRequestOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Ask for a letter to be voided; another person decides."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        need(actor, letter, "ask_void")
        row = voiding.ask_to_void(letter, actor=actor, **checked(requests.ReasonIn, request))
        return shown(answers.VoidRequestOut, row, status=201)


class VoidVerb(ApiView):
    """A decision about one request to void."""

    def do(self, request: Request, void_id: UUID, verb: Callable[..., Any]) -> Response:
        """Decide, by another person than the one who asked."""
        actor = caller(request)
        rows = VoidRequest.objects.select_related("letter__register", "asked_by", "decided_by")
        row = get_or_404(rows.filter(pk=void_id, letter__in=Letter.objects.visible_to(actor)))
        if row.decision == VoidRequest.Decision.PENDING:
            need(actor, row.letter, "approve_void")
        return shown(answers.VoidRequestOut, verb(row, actor=actor))


class ApproveVoidView(VoidVerb):
    """Approval of a request to void."""

    @extend_schema(
        operation_id="approve_void",
        request=None,
        responses=responses(answers.VoidRequestOut, 403, 404, 409),
    )
    def post(self, request: Request, void_id: UUID) -> Response:
        """Void the letter: the number stays in the book, struck through, with a minute."""
        no_words(request)
        return self.do(request, void_id, voiding.approve_void)


class RefuseVoidView(VoidVerb):
    """Refusal of a request to void."""

    @extend_schema(
        operation_id="refuse_void",
        request=None,
        responses=responses(answers.VoidRequestOut, 403, 404, 409),
    )
    def post(self, request: Request, void_id: UUID) -> Response:
        """Keep the letter as it is."""
        no_words(request)
        return self.do(request, void_id, voiding.refuse_void)
