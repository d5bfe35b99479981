"""Shapes of readings of meters over the API."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from eservices.readings import deciding, words
from eservices.readings.entering import (
    ASKED,
    MOST_FIGURES,
    SOURCES,
    is_contact,
)
from eservices.readings.models import Reading, ReadingEvent
from web.api.listing import Listed, both_ways
from web.api.shape import PageShape, Shape, optional_text

_EVENTS = 200  # of a reading's history in one answer
REASONS = [(code, code) for code in words.REASONS]
_MOST_INDEX = 10**MOST_FIGURES - 1


class ReadingsAsked(Listed):
    """A page of readings, narrowed."""

    ORDERS = both_ways("-made_at", "-made_at", "-id")

    state = serializers.ChoiceField(Reading.State.choices, required=False)
    verdict = serializers.ChoiceField(Reading.Verdict.choices, required=False)
    period = serializers.CharField(required=False, max_length=7, help_text="As 2026-11.")
    sector = serializers.CharField(required=False, max_length=40)
    contract = serializers.CharField(required=False, max_length=60)


class FindingOut(Shape):
    """What the check says of a reading."""

    code = serializers.CharField()
    words = serializers.CharField()

    def show_words(self, finding: dict[str, Any]) -> str:
        """Return the finding in the caller's language."""
        return words.finding(finding)


class ReadingOut(Shape):
    """A reading. One of a meter that is not known has none: `claimed` is what was given."""

    id = serializers.UUIDField()
    contract = serializers.CharField(source="contract.number", allow_null=True)
    meter = serializers.CharField(
        source="meter.serial", allow_null=True, help_text="Its serial number."
    )
    claimed = serializers.DictField(child=serializers.CharField())
    period = serializers.CharField()
    index = serializers.IntegerField()
    read_on = serializers.DateField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        help_text=", ".join(Reading.Source)
    )
    state = serializers.CharField(help_text=", ".join(Reading.State))
    verdict = serializers.CharField(help_text=f"{', '.join(Reading.Verdict)}, or empty.")
    checks = FindingOut(many=True)
    photo = serializers.BooleanField(help_text="Whether there is one, at `/photo`.")
    photo_index = serializers.CharField(help_text="What was read on it; empty where nothing was.")
    request = serializers.UUIDField(source="request_id", allow_null=True)
    reason = serializers.CharField(help_text="Why it was declined, in the customer's language.")
    made_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField(help_text="What billing answered.")
    result_reason = serializers.CharField()

    def show_photo(self, reading: Reading) -> bool:
        """Return whether there is a photo."""
        return reading.photo_id is not None


class ReadingsOut(PageShape):
    """Readings. `next_cursor` is empty on the last page."""

    readings = ReadingOut(source="rows", many=True)


class ReadingEventOut(Shape):
    """What was done with a reading."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    actor = serializers.CharField(
        source="actor.username", allow_null=True, help_text="User name; null for a program."
    )


class WholeReadingOut(ReadingOut):
    """A reading with its history, the oldest first."""

    history = ReadingEventOut(many=True)

    def show_history(self, reading: Reading) -> list[ReadingEvent]:
        """Return what was done, 200 lines at most."""
        return list(reading.events.select_related("actor").order_by("pk")[:_EVENTS])


class ReadingIn(Shape):
    """A reading to write down for somebody; `name` is needed but for a team's.

    `confirmed`: the customer looked again; without it nothing is kept of what is not plausible.
    """

    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        [(one.value, one.label) for one in SOURCES]
    )
    contract = serializers.CharField(max_length=40)
    serial = optional_text(40)
    index = serializers.IntegerField(min_value=0, max_value=_MOST_INDEX)
    read_on = serializers.DateField()
    name = optional_text(200)
    contact = optional_text(254)
    confirmed = serializers.BooleanField(required=False, default=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse days ahead, contacts that are none, and requests without a name."""
        wrong: dict[str, list[str]] = {}
        if given["read_on"] > timezone.localdate():
            wrong["read_on"] = [_("This day is still to come.")]
        if given["contact"] and not is_contact(given["contact"]):
            wrong["contact"] = [_("Give an e-mail address or a phone number.")]
        if given["source"] in ASKED and not given["name"]:
            wrong["name"] = [_("A request needs the name of who asks.")]
        if wrong:
            raise ValidationError(wrong)
        return given


class ApproveIn(Shape):
    """`index` in place of the one given, where the photo shows another."""

    index = serializers.IntegerField(required=False, min_value=0, max_value=_MOST_INDEX)


class DeclineIn(Shape):
    """Why; `text` is needed for `other`. The customer reads it."""

    reason = serializers.ChoiceField(REASONS)
    text = optional_text(300)


class MeterReadIn(Shape):
    """The meter that was read."""

    serial = serializers.CharField(max_length=40)


class DecisionsIn(Shape):
    """Several readings, and what is decided of each."""

    readings = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=deciding.MOST
    )
    decision = serializers.ChoiceField(["approve", "decline"])
    reason = serializers.ChoiceField(REASONS, required=False)
    text = optional_text(300)


class NotDecidedOut(Shape):
    """A reading that was not decided, and why."""

    id = serializers.UUIDField()
    problem = serializers.CharField()


class DecisionsOut(Shape):
    """How many were decided, and those that were not."""

    done = serializers.IntegerField()
    problems = NotDecidedOut(many=True)
