"""The signing folder over the API: what waits for the caller, the paper of a reply, visas."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import FileResponse, Http404, HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.acting.waiting_steps import waiting_for
from correspondence.drafts.reading import drafts_read_by
from correspondence.models.steps import Act
from correspondence.replies.visas import MOST, VisaOutcome, give_visas
from web.api.access import caller
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, AsItIs, checked, file_answer, get_or_404, operation
from web.middleware import FILE_POLICY
from web.shared.files import disposition
from web.shared.reading import note_reading
from web.shared.reply_paper import PaperAwayError, paper_of

PDF = "application/pdf"


class FolderAsked(Listed):
    """The page of the folder."""

    ORDERS = both_ways("since", "since", "pk")


class WaitingOut(Shape):
    """A visa or a signature that waits for the caller."""

    step = serializers.UUIDField(source="pk", help_text="To be named when it is given.")
    act = serializers.ChoiceField(Act.choices)
    reply = serializers.UUIDField(source="reply_id")
    letter = serializers.UUIDField(
        source="reply.letter_id", allow_null=True, help_text="The letter that is answered."
    )
    number = serializers.CharField(
        source="reply.letter.number", allow_null=True, help_text="Of the letter answered."
    )
    subject = serializers.CharField(source="reply.subject")
    department = serializers.CharField(source="reply.department.code")
    author = serializers.CharField(source="reply.author.username")
    since = serializers.DateTimeField()

    def show_number(self, step: Any) -> str | None:
        """Return the number of the letter answered."""
        return step.reply.letter.number if step.reply.letter else None


class WaitingPage(PageShape):
    """What waits, the oldest first."""

    waiting = WaitingOut(source="rows", many=True)


class VisasIn(Shape):
    """The steps whose visas are given."""

    steps = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)


class RefusedOut(Shape):
    """A visa that was not given."""

    step = serializers.UUIDField(source="step.pk")
    reason = serializers.CharField()


class VisasOut(Shape):
    """What became of each; steps that never fell to the caller are `unknown`."""

    given = serializers.ListField(child=serializers.UUIDField())
    refused = RefusedOut(many=True)
    unknown = serializers.ListField(child=serializers.UUIDField())


class FolderView(ApiView):
    """The caller's signing folder."""

    @lists("list_signing_folder", FolderAsked, WaitingPage)
    def get(self, request: Request, _given: Given) -> Rows:
        """List the visas and signatures that wait for the caller, the oldest first."""
        return waiting_for(caller(request)).annotate(since=F("reply__changed_at"))


class VisasView(ApiView):
    """Several visas at once."""

    @operation("give_visas", VisasOut, 400, 403, takes=VisasIn)
    def post(self, request: Request) -> Response:
        """Give several visas; one that is refused stops no other. Signatures are refused."""
        actor, wanted = caller(request), set(checked(VisasIn, request)["steps"])
        done: list[VisaOutcome] = give_visas(wanted, actor=actor)
        told = {
            "given": [one.step.pk for one in done if not one.reason],
            "refused": [one for one in done if one.reason],
            "unknown": sorted(wanted - {one.step.pk for one in done}),
        }
        return shown(VisasOut, told)


class PaperView(ApiView):
    """The paper of a reply before it has its number."""

    content_negotiation_class = AsItIs

    @operation("get_reply_paper", file_answer(PDF))
    def get(self, request: Request, reply_id: UUID) -> HttpResponseBase:
        """Return the PDF as the reply would go out now; 404 once it is signed or sent."""
        actor = caller(request)
        rows = drafts_read_by(actor).select_related(
            "department", "author", "letter__register", "file", "archive_file", "approved_by"
        )
        try:
            reply = note_reading(actor, get_or_404(rows.filter(pk=reply_id)))
            path = paper_of(reply, viewer=actor)
        except PaperAwayError as error:
            raise Http404 from error
        answer = FileResponse(path.open("rb"), content_type=PDF)
        answer.headers["Content-Security-Policy"] = FILE_POLICY
        answer.headers["Content-Disposition"] = disposition("preview.pdf")
        return answer
