"""Letters by meaning and similar letters over the API: near ones, without counts."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access import get_letter
from search.meaning_contract import MOST_NEAR
from search.services import LetterHit, letters_by_meaning, meaning_state, similar_letters
from web.api.access import caller
from web.api.office import HitOut
from web.api.shape import Shape, optional_text, shown
from web.api.view import ApiView, operation, validated_query


class MeaningAsked(Shape):
    """A question in words, in Arabic, French or English."""

    q = optional_text(1000)
    limit = serializers.IntegerField(required=False, default=5, min_value=1, max_value=MOST_NEAR)


class SimilarAsked(Shape):
    """The number of similar letters."""

    limit = serializers.IntegerField(required=False, default=5, min_value=1, max_value=MOST_NEAR)


class MeaningHitOut(HitOut):
    """A letter near in meaning, and the words by which it was found."""

    by_words = serializers.ListField(
        child=serializers.CharField(),
        help_text="Words of the letter that mean something like those asked, in other letters.",
    )


class NearOut(Shape):
    """Letters near in meaning, nearest first; none where nothing is near enough."""

    state = serializers.ChoiceField(
        ["on", "off", "filling"],
        help_text="off: this office has no vectors; filling: earlier letters are being added.",
    )
    hits = MeaningHitOut(many=True)


class MeaningView(ApiView):
    """Search by meaning."""

    heavy = True

    @operation("search_by_meaning", NearOut, 400, asks=[MeaningAsked])
    def get(self, request: Request) -> Response:
        """Find letters that mean what is asked, in any language, among what the caller may read."""
        given = validated_query(MeaningAsked, request)
        hits = letters_by_meaning(
            viewer=caller(request), words=given.get("q", ""), limit=given["limit"]
        )
        return _answer(hits)


class SimilarView(ApiView):
    """Similar letters."""

    @operation("list_similar", NearOut, 400, 404, asks=[SimilarAsked])
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Find letters about the same matter as this one, among what the caller may read."""
        viewer = caller(request)
        letter = get_letter(viewer, letter_id)
        given = validated_query(SimilarAsked, request)
        return _answer(similar_letters(viewer=viewer, letter=letter, limit=given["limit"]))


def _answer(hits: list[LetterHit]) -> Response:
    return shown(NearOut, {"state": meaning_state(), "hits": hits})
