"""Replies to letters over the API: draft, edit, submit, give a visa or return, sign, send."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.acting.turns import step_rows
from correspondence.dispatch import sending
from correspondence.drafts.reading import drafts_read_by
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting, lasting, signing
from correspondence.replies.choosing import circuits_for
from correspondence.replies.drafting import department_of
from org.models import User
from registry.access import get_letter
from registry.intake import IncomingFile
from registry.models.letters import Letter
from routing.acting import errors
from routing.acting.access import need
from web.api import reply_shapes as shapes
from web.api import requests
from web.api.access import caller
from web.api.shape import shown
from web.api.templates import begun_from
from web.api.view import ApiView, checked, get_or_404, no_words, responses

UPLOAD = "multipart/form-data"


class RepliesView(ApiView):
    """Replies to a letter."""

    @extend_schema(
        operation_id="draft_reply",
        request={UPLOAD: requests.ReplyDraftIn, "application/json": requests.ReplyDraftIn},
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409, 422, status=201),
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Begin a reply, of text or a file or both, or out of a template."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        given = checked(requests.ReplyDraftIn, request)
        template, words = given.pop("template"), _written(given)
        if template is not None:
            unit = department_of(need(actor, letter, "draft_reply").mine)
            words = begun_from(template, words, actor=actor, department=unit, letter=letter)
        row = drafting.draft_reply(letter, actor=actor, **words)
        rows = with_steps(Reply.objects.select_related("author", "outgoing"))
        return shown(shapes.ReplyOut, get_or_404(rows.filter(pk=row.pk)), status=201)


def with_steps(rows: "QuerySet[Reply]") -> "QuerySet[Reply]":
    """Return replies with their steps, in one query more."""
    return rows.prefetch_related(Prefetch("steps", step_rows()))


def _written(given: dict[str, Any]) -> dict[str, Any]:
    file = given["file"]
    return {**given, "file": IncomingFile(file.name or "", file.file or file) if file else None}


class ReplyVerb(ApiView):
    """Base of an action on one reply to a letter that the caller may read."""

    def do(self, request: Request, reply_id: UUID, verb: Callable[..., Any]) -> Response:
        """Perform the action; answer with the reply's new state."""
        actor = caller(request)
        rows = Reply.objects.select_related("letter__register", "department", "author", "outgoing")
        row = get_or_404(rows.filter(pk=reply_id, pk__in=drafts_read_by(actor)))
        verb(row, actor=actor)
        return shown(shapes.ReplyOut, get_or_404(with_steps(rows).filter(pk=reply_id)))


class ReplyView(ReplyVerb):
    """One draft."""

    @extend_schema(
        operation_id="edit_reply",
        request={UPLOAD: requests.ReplyEditIn, "application/json": requests.ReplyEditIn},
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409, 422),
    )
    def put(self, request: Request, reply_id: UUID) -> Response:
        """Change a draft: its subject and text, and its file where one is sent."""

        def verb(row: Reply, *, actor: User) -> Reply:
            given = checked(requests.ReplyEditIn, request)
            return drafting.edit_reply(row, actor=actor, **_written(given))

        return self.do(request, reply_id, verb)


class LastingView(ReplyVerb):
    """Archival form of the file."""

    @extend_schema(
        operation_id="choose_lasting",
        request=shapes.LastingIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Choose how a draft continues whose file was not made into PDF/A (`archive_problem`)."""

        def verb(row: Reply, *, actor: User) -> Reply:
            way = checked(shapes.LastingIn, request)["lasting"]
            return lasting.choose_lasting(row, actor=actor, way=way)

        return self.do(request, reply_id, verb)


class SubmitView(ReplyVerb):
    """Submission for approval."""

    @extend_schema(
        operation_id="submit_reply",
        request=shapes.SubmitIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Submit a draft for approval, by a circuit that fits or by the default one."""

        def verb(row: Reply, *, actor: User) -> Reply:
            wanted = checked(shapes.SubmitIn, request)["circuit"]
            fitting = circuits_for(row.department, row.letter) if wanted else []
            circuit = next((get_or_404 for get_or_404 in fitting if get_or_404.pk == wanted), None)
            if wanted and circuit is None:
                raise errors.NotAllowedError(_("This circuit is not for replies of this kind."))
            return replies_circuit.submit_reply(row, actor=actor, circuit=circuit)

        return self.do(request, reply_id, verb)


class StepVerb(ReplyVerb):
    """Base of an action on a step of a reply's circuit."""

    def do_step(self, request: Request, reply_id: UUID, deed: Callable[..., Any]) -> Response:
        """Perform the action with the step that is meant."""

        def verb(row: Reply, *, actor: User) -> Any:
            return deed(row, actor=actor, step_id=checked(shapes.StepIn, request)["step"])

        return self.do(request, reply_id, verb)


class ApproveView(StepVerb):
    """Approval."""

    @extend_schema(
        operation_id="approve_reply",
        request=shapes.StepIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Give a visa, under the name from before there were circuits."""
        return self.do_step(request, reply_id, replies_circuit.approve_reply)


class VisaView(StepVerb):
    """Visa."""

    @extend_schema(
        operation_id="visa_reply",
        request=shapes.StepIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Give a visa; with the last one the reply is approved."""
        return self.do_step(request, reply_id, replies_circuit.approve_reply)


class SignView(StepVerb):
    """Signature."""

    @extend_schema(
        operation_id="sign_reply",
        request=shapes.StepIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Sign: the number is taken now; the signed paper is filed by a job (`signed`)."""
        return self.do_step(request, reply_id, signing.sign_reply)


class ReturnView(ReplyVerb):
    """Return to the author."""

    @extend_schema(
        operation_id="return_reply",
        request=shapes.ReturnIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Return the draft to its author, with a remark."""

        def verb(row: Reply, *, actor: User) -> Reply:
            given = checked(shapes.ReturnIn, request)
            return replies_circuit.return_reply(
                row, actor=actor, remark=given["remark"], step_id=given["step"]
            )

        return self.do(request, reply_id, verb)


class WithdrawView(ReplyVerb):
    """Withdrawal."""

    @extend_schema(
        operation_id="withdraw_reply",
        request=None,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Make the reply a draft again, by its department, before all have approved or signed."""
        no_words(request)
        return self.do(request, reply_id, replies_circuit.withdraw_reply)


class AlsoView(ReplyVerb):
    """Further dispatch."""

    @extend_schema(
        operation_id="send_reply_also",
        request=requests.SendIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Send a reply that has left by a further way too, under the number that it has."""

        def verb(row: Reply, *, actor: User) -> Dispatch:
            return sending.send_also(row, actor=actor, **checked(requests.SendIn, request))

        return self.do(request, reply_id, verb)


class SendView(ReplyVerb):
    """Dispatch under a number."""

    @extend_schema(
        operation_id="send_reply",
        request=requests.SendIn,
        responses=responses(shapes.ReplyOut, 400, 403, 404, 409, 422),
    )
    def post(self, request: Request, reply_id: UUID) -> Response:
        """Send the reply: one that is not signed is registered in the outgoing register first."""

        def verb(row: Reply, *, actor: User) -> Letter:
            return sending.send_reply(row, actor=actor, **checked(requests.SendIn, request))

        return self.do(request, reply_id, verb)
