"""The feed of events over the API: what happened to letters, for programs that follow them."""

import json
from typing import Any

from django.core import signing
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from registry.feed import Gap, Place, events_after, place_at
from registry.kinds import EventKind, RegistryEvent
from search.contract import InvalidCursor
from web.api.access import ReadsLetters, caller
from web.api.shape import Shape, shown
from web.api.view import MOST_ROWS, ApiView, operation, validated_query

SIGNER = signing.Signer(salt="event feed")


def event_kinds() -> list[str]:
    """Return the kinds of events of all packages."""
    kinds = [kind.value for package in EventKind.__subclasses__() for kind in package]
    return sorted({*kinds} - {RegistryEvent.WITHHELD.value})


class FeedAsked(Shape):
    """From where the feed is read, and which kinds of events."""

    cursor = serializers.CharField(
        required=False, max_length=4000, help_text="`next_cursor` of the answer before."
    )
    since = serializers.DateTimeField(
        required=False, help_text="Where there is no cursor yet; without both from the beginning."
    )
    limit = serializers.IntegerField(
        required=False, default=MOST_ROWS, min_value=1, max_value=MOST_ROWS
    )

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, and the choice of kinds; several may be given."""
        kind = serializers.ListField(
            child=serializers.ChoiceField(event_kinds()),
            required=False,
            help_text="Only these kinds; repeated for several.",
        )
        return {**super().get_fields(), "kind": kind}


class FeedEventOut(Shape):
    """An event: what happened, when, to which letter; the words are in the letter's history."""

    letter = serializers.UUIDField(source="letter_id")
    number = serializers.CharField(source="letter.number")
    seq = serializers.IntegerField(help_text="Of the letter's history (`/letters/{id}/events`).")
    at = serializers.DateTimeField()
    kind = serializers.CharField()


class FeedOut(Shape):
    """The next events. `next_cursor` is always there: ask with it again, now or later."""

    events = FeedEventOut(many=True)
    next_cursor = serializers.CharField()
    more = serializers.BooleanField(help_text="Whether to ask again at once.")


class FeedView(ApiView):
    """The feed of events."""

    permission_classes = [IsAuthenticated, ReadsLetters]

    @operation("list_feed", FeedOut, 400, 403, asks=[FeedAsked])
    def get(self, request: Request) -> Response:
        """List what happened to letters that the caller may read, in the order of writing.

        None is skipped and none comes twice along the cursor, whatever is written meanwhile.
        """
        given = validated_query(FeedAsked, request)
        place = _place(given)
        kinds, limit = given.get("kind", []), given["limit"]
        events, now = events_after(place, viewer=caller(request), kinds=kinds, limit=limit)
        told = {"events": events, "next_cursor": _closed(now), "more": now.after > place.after}
        return shown(FeedOut, told)


def _place(given: dict[str, Any]) -> Place:
    if "cursor" in given:
        return _opened(given["cursor"])
    return place_at(given["since"]) if "since" in given else Place()


def _closed(place: Place) -> str:
    gaps = [[gap.low, gap.high - gap.low, gap.mark] for gap in place.gaps]
    return SIGNER.sign(json.dumps([place.after, *gaps], separators=(",", ":")))


def _opened(cursor: str) -> Place:
    try:
        after, *gaps = json.loads(SIGNER.unsign(cursor))
    except (signing.BadSignature, ValueError) as error:
        raise InvalidCursor("this page marker is damaged or of another list") from error
    return Place(after, tuple(Gap(low, low + width, mark) for low, width, mark in gaps))
