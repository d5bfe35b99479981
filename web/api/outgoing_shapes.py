"""Shapes of outgoing mail over the API: queries, requests and responses."""

from typing import ClassVar

from rest_framework import serializers

from correspondence.dispatch.handing import IdentityKind
from correspondence.dispatch.undelivered import ReturnReason
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from web.api.listing import Listed, Orders, both_ways
from web.api.shape import Shape, optional_text
from web.shared.paging import Page

WAYS = ("registered", "post")


class ListsAsked(Listed):
    """A page of the closed lists."""

    ORDERS = both_ways("-closed_at", "-closed_at", "-id")


class OutgoingAsked(Listed):
    """The filter of a list of dispatches; `usual` is oldest first of what waits."""

    ORDERS: ClassVar[Orders] = {
        "usual": [],
        "asked_at": ["asked_at", "id"],
        "-asked_at": ["-asked_at", "-id"],
    }

    show = serializers.ChoiceField([*WAYS, "counter", "unacknowledged", "came_back"])


class PostingLineIn(Shape):
    """What the post office stated or charged."""

    tracking_number = optional_text(40)
    weight = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=50_000
    )
    postage = serializers.DecimalField(
        required=False, default=None, allow_null=True, max_digits=8, decimal_places=2, min_value=0
    )


class AcknowledgeIn(Shape):
    """The day on which the letter was received, and a scan of the signed acknowledgement."""

    on = serializers.DateField()
    scan = serializers.FileField(required=False, default=None, allow_empty_file=True)


class ReturnedIn(Shape):
    """Why the letter came back."""

    reason = serializers.ChoiceField(ReturnReason.choices)


class HandOverIn(Shape):
    """The person who takes the letter, and their signature as a picture or PDF."""

    name = serializers.CharField(max_length=200)
    signature = serializers.FileField(allow_empty_file=True)
    identity_kind = serializers.ChoiceField(
        IdentityKind.choices, required=False, default="", allow_blank=True
    )
    identity_number = optional_text(40)


class CloseIn(Shape):
    """How the letters are posted."""

    way = serializers.CharField(max_length=11, help_text="registered or post.")


class DispatchOut(Shape):
    """One dispatch of a reply."""

    id = serializers.UUIDField()
    reply = serializers.UUIDField(source="reply_id")
    answers = serializers.UUIDField(source="reply.letter_id")
    outgoing = serializers.UUIDField(source="letter_id")
    number = serializers.CharField(source="letter.number")
    method = serializers.CharField()
    address = serializers.CharField()
    state = serializers.CharField()
    asked_at = serializers.DateTimeField()
    at = serializers.DateTimeField(allow_null=True)
    problem = serializers.CharField()
    tracking_number = serializers.CharField()
    list = serializers.CharField(source="posting_line.posting_list.number", allow_null=True)

    def show_problem(self, dispatch: Dispatch) -> str:
        """Return why it did not arrive."""
        return str(dispatch.proof.get("problem", ""))

    def show_tracking_number(self, dispatch: Dispatch) -> str:
        """Return the post office's number; "" for what is not posted."""
        line: PostingLine | None = getattr(dispatch, "posting_line", None)
        return line.tracking_number if line else ""


class OutgoingPage(Shape):
    """A page of dispatches."""

    results = DispatchOut(source="rows", many=True)
    next = serializers.CharField(allow_null=True)

    def show_next(self, page: Page[Dispatch]) -> str | None:
        """Return the cursor of the next page."""
        return page.next_cursor or None


class ListOut(Shape):
    """A closed list; `drawn` says whether its PDF exists."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    way = serializers.CharField()
    count = serializers.IntegerField()
    closed_at = serializers.DateTimeField()
    closed_by = serializers.CharField(source="closed_by.username")
    drawn = serializers.BooleanField()

    def show_drawn(self, row: PostingList) -> bool:
        """Return whether its PDF exists."""
        return row.file_id is not None


class ListsPage(Shape):
    """A page of lists."""

    results = ListOut(source="rows", many=True)
    next = serializers.CharField(allow_null=True)

    def show_next(self, page: Page[PostingList]) -> str | None:
        """Return the cursor of the next page."""
        return page.next_cursor or None
