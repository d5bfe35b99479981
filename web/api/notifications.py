"""The caller's notifications over the API: list, mark as read, and what they want to be told."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from notices.kinds import MailWay, NoticeKind
from notices.models import Notice
from notices.preferences import Ways, preferences_of, set_preferences
from notices.reading import count_unread, mark_read, notices_of
from notices.words import sentence
from web.api.access import caller
from web.api.listing import Listed, both_ways, listed
from web.api.shape import Shape, shown
from web.api.view import MOST_ROWS, ApiView, checked, operation, validated_query


class NotificationsAsked(Listed):
    """Which notifications, and which page of them."""

    ORDERS = both_ways("-id", "-id")

    limit = serializers.IntegerField(
        required=False, default=MOST_ROWS, min_value=1, max_value=MOST_ROWS
    )

    unread = serializers.BooleanField(required=False, help_text="True: only those not read yet.")


class NotificationOut(Shape):
    """Something that the caller is told."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(NoticeKind.choices)
    words = serializers.CharField(help_text="What happened, in the caller's language.")
    letter = serializers.UUIDField(source="letter_id", allow_null=True)
    number = serializers.CharField(
        source="letter.number", allow_null=True, help_text="The letter's."
    )
    made_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def show_words(self, row: Notice) -> str:
        """Return what happened, in words."""
        return sentence(row, plain=True)


class NotificationsOut(Shape):
    """One page of notifications, the newest first. `next_cursor` is empty on the last page."""

    unread = serializers.IntegerField(help_text="How many are unread in all; at most 99.")
    notifications = NotificationOut(many=True)
    next_cursor = serializers.CharField()


class NotificationsReadIn(Shape):
    """Which notifications are read."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=200,
    )
    all = serializers.BooleanField(required=False, default=False)


class NotificationsReadOut(Shape):
    """How many were unread before."""

    marked = serializers.IntegerField()


class WishOut(Shape):
    """On which ways the caller is told of one kind of thing."""

    kind = serializers.ChoiceField(NoticeKind.choices)
    page = serializers.BooleanField(help_text="It stands among the notifications.")
    mail = serializers.ChoiceField(MailWay.choices)
    push = serializers.BooleanField(help_text="It is pushed to the caller's browsers.")


class WishesIn(Shape):
    """What the caller wants; kinds that are not named stay as they are."""

    wishes = WishOut(many=True)


class WishesOut(Shape):
    """What the caller wants, for every kind. Mails of "security" are sent at once in any case."""

    wishes = WishOut(many=True)


class NotificationsView(ApiView):
    """The caller's notifications."""

    @operation("list_notifications", NotificationsOut, 400, asks=[NotificationsAsked])
    def get(self, request: Request) -> Response:
        """List what the caller was told and may still see, the newest first."""
        given, person = validated_query(NotificationsAsked, request), caller(request)
        rows = notices_of(person).select_related("letter")
        if given.get("unread"):
            rows = rows.filter(read_at=None)
        found = listed(rows, NotificationsAsked, given)
        told = {"unread": count_unread(person), "notifications": found.rows}
        return shown(NotificationsOut, {**told, "next_cursor": found.next_cursor})


class NotificationsReadView(ApiView):
    """Marking notifications as read."""

    @operation("read_notifications", NotificationsReadOut, 400, takes=NotificationsReadIn)
    def post(self, request: Request) -> Response:
        """Mark these as read, or all."""
        given = checked(NotificationsReadIn, request)
        ids = given.get("ids")
        if (ids is None) != given["all"]:
            raise ValidationError({"ids": ["Name ids, or say all: true; one of the two."]})
        return shown(NotificationsReadOut, {"marked": mark_read(caller(request), ids)})


class NotificationWishesView(ApiView):
    """What the caller wants to be told."""

    @operation("notification_preferences", WishesOut)
    def get(self, request: Request) -> Response:
        """Return the ways of each kind."""
        return shown(WishesOut, _wishes(request))

    @operation("set_notification_preferences", WishesOut, 400, takes=WishesIn)
    def put(self, request: Request) -> Response:
        """Change the ways of the kinds that are named."""
        rows = checked(WishesIn, request)["wishes"]
        wanted = {NoticeKind(row["kind"]): _ways(row) for row in rows}
        set_preferences(caller(request), wanted)
        return shown(WishesOut, _wishes(request))


def _ways(row: dict[str, Any]) -> Ways:
    return Ways(page=row["page"], mail=row["mail"], push=row["push"])


def _wishes(request: Request) -> dict[str, Any]:
    rows = preferences_of(caller(request)).items()
    return {
        "wishes": [
            {"kind": kind, "page": ways.page, "mail": ways.mail, "push": ways.push}
            for kind, ways in rows
        ]
    }
