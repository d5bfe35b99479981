"""The proof of the register over the API: the newest checkpoint, and the anchors outside."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.models.anchors import Anchor
from registry.proof.state import ProofState, proof_state
from web.api.access import WatchesProof
from web.api.listing import Listed, both_ways, listed
from web.api.shape import Shape, shown
from web.api.view import ApiView, responses, validated_query


class ProofOut(Shape):
    """How the proof stands. `checkpoint` is a signed note (C2SP tlog-checkpoint)."""

    checkpoint = serializers.CharField(help_text="Empty before the first.")
    size = serializers.IntegerField(help_text="Entries under the checkpoint.")
    waits = serializers.IntegerField(help_text="Entries that wait for the signer.")
    signer_answers = serializers.BooleanField()
    keys = serializers.ListField(child=serializers.CharField(), help_text="The newest last.")

    def show_checkpoint(self, row: ProofState) -> str:
        """Return the note."""
        return row.point.note if row.point else ""

    def show_size(self, row: ProofState) -> int:
        """Return the number of entries."""
        return row.point.size if row.point else 0

    def show_signer_answers(self, row: ProofState) -> bool:
        """Return whether it answered just now."""
        return row.signer is not None


class AnchorOut(Shape):
    """A checkpoint in one place outside."""

    id = serializers.IntegerField()
    size = serializers.IntegerField()
    root = serializers.CharField()  # type: ignore[assignment]  # a field, as each name here
    way = serializers.ChoiceField(choices=Anchor.Way.choices)
    place = serializers.CharField()
    state = serializers.ChoiceField(choices=Anchor.State.choices)
    asked_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(help_text="The code of what failed.")


class AnchorsOut(Shape):
    """Anchors, the newest first. `next_cursor` is empty on the last page."""

    anchors = AnchorOut(many=True)
    next_cursor = serializers.CharField()


class AnchorsAsked(Listed):
    """The wanted page of the anchors."""

    ORDERS = both_ways("-size", "-size", "-pk")


class ProofView(ApiView):
    """The proof of the register."""

    permission_classes = [WatchesProof]

    @extend_schema(operation_id="show_proof", responses=responses(ProofOut, 403))
    def get(self, request: Request) -> Response:
        """Show the newest checkpoint, the keys of the log, and what waits."""
        return shown(ProofOut, proof_state())


class AnchorsView(ApiView):
    """Anchors."""

    permission_classes = [WatchesProof]

    @extend_schema(
        operation_id="list_anchors",
        parameters=[AnchorsAsked],
        responses=responses(AnchorsOut, 400, 403),
    )
    def get(self, request: Request) -> Response:
        """List where checkpoints are kept outside."""
        given = validated_query(AnchorsAsked, request)
        page = listed(Anchor.objects.defer("note", "proof"), AnchorsAsked, given)
        return shown(AnchorsOut, {"anchors": page.rows, "next_cursor": page.next_cursor})
