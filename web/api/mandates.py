"""Citizens' mandates over the API: those that wait with their proof, confirmed or refused."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.people import mandates
from web.api.access import MayWatchJobs, caller
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, file_answer, get_or_404, no_words, operation
from web.shared.files import stored


class MandatesAsked(Listed):
    """A page of mandates that wait."""

    ORDERS = both_ways("made_at", "made_at", "id")


class MandateOut(Shape):
    """A mandate that waits: who acts for whom, for what, until when.

    `named` is how the one who asked called the other; `services` and `contracts` empty mean all.
    """

    id = serializers.UUIDField()
    agent = serializers.CharField(source="agent.name")
    principal = serializers.CharField(source="principal.name")
    named = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    contracts = serializers.ListField(child=serializers.CharField())
    until = serializers.DateField(allow_null=True)
    proof_name = serializers.CharField()
    made_at = serializers.DateTimeField()


class MandatesOut(PageShape):
    """Mandates that wait. `next_cursor` is empty on the last page."""

    mandates = MandateOut(source="rows", many=True)


class MandateDecidedOut(Shape):
    """What was decided."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(["confirmed", "refused"])


class MandatesView(ApiView):
    """Mandates that wait for the office."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @lists("list_mandates", MandatesAsked, MandatesOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List the mandates that wait and have a proof, the newest first."""
        return _waiting().select_related("agent", "principal")


class MandateProofView(ApiView):
    """The proof of a mandate that waits."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @operation("get_mandate_proof", file_answer("application/octet-stream", "*/*"))
    def get(self, _request: Request, mandate_id: UUID) -> HttpResponseBase:
        """Return the file as it was sent."""
        row = get_or_404(_waiting().select_related("proof").filter(pk=mandate_id))
        return stored(row.proof, row.proof.media_type, name=row.proof_name)


class ConfirmMandateView(ApiView):
    """Confirming a mandate."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @operation("confirm_mandate", MandateDecidedOut, 400, 403, 404, takes=None)
    def post(self, request: Request, mandate_id: UUID) -> Response:
        """Confirm a mandate whose proof was seen: it holds from now on."""
        no_words(request)
        get_or_404(_waiting().filter(pk=mandate_id))
        done = mandates.confirm_by_staff(mandate_id, actor=caller(request))
        return _decided(mandate_id, "confirmed", done=done)


class RefuseMandateView(ApiView):
    """Refusing a mandate."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @operation("refuse_mandate", MandateDecidedOut, 400, 403, 404, takes=None)
    def post(self, request: Request, mandate_id: UUID) -> Response:
        """Refuse a mandate that waits."""
        no_words(request)
        done = mandates.refuse_by_staff(mandate_id, actor=caller(request))
        return _decided(mandate_id, "refused", done=done)


def _waiting() -> Rows:
    return mandates.waiting().exclude(proof=None)


def _decided(mandate_id: UUID, state: str, *, done: bool) -> Response:
    """Return the decision; a mandate that does not wait is none. Raise Http404."""
    if not done:
        raise Http404
    return shown(MandateDecidedOut, {"id": mandate_id, "state": state})
