"""Shapes of the customer-relations centre over the API: contacts and call-backs."""

from typing import Any, ClassVar

from rest_framework import serializers

from eservices.catalogue.definition import LANGUAGES
from eservices.relations.contact_log import LONGEST_TALK
from eservices.relations.models import ContactMoment
from web.api.listing import Listed, Orders
from web.api.shape import PageShape, Shape, optional_text


class MomentIn(Shape):
    """A contact to log. `form_key` names it: the same key logs once."""

    channel = serializers.ChoiceField(
        ContactMoment.Channel.choices, default=ContactMoment.Channel.PHONE
    )
    result = serializers.ChoiceField(ContactMoment.Result.choices)
    subject = serializers.CharField(max_length=300)
    incoming = serializers.BooleanField(default=True)
    name = optional_text(200)
    phone = optional_text(40)
    contract_number = optional_text(40)
    notes = optional_text(10_000)
    language = serializers.ChoiceField(LANGUAGES, default="ar")
    waited = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LONGEST_TALK,
        help_text="Seconds until an agent answered.",
    )
    seconds = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LONGEST_TALK,
        help_text="Seconds that the contact took.",
    )
    request = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Id of the request it is about."
    )
    department = optional_text(
        20, help_text="Code of who calls back, or whom it is sent to; else the centre."
    )
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    form_key = optional_text(64)


class MomentOut(Shape):
    """A contact of the centre."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    incoming = serializers.BooleanField()
    channel = serializers.ChoiceField(ContactMoment.Channel.choices)
    result = serializers.ChoiceField(ContactMoment.Result.choices)
    subject = serializers.CharField()
    notes = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    contract_number = serializers.CharField()
    language = serializers.CharField()
    agent = serializers.CharField(source="agent.username", help_text="User name.")
    request = serializers.UUIDField(source="request_id", allow_null=True)
    person = serializers.UUIDField(source="person_id", allow_null=True)
    waited = serializers.IntegerField(allow_null=True)
    seconds = serializers.IntegerField(allow_null=True)


class MomentPage(PageShape):
    """One page of contacts, the newest first. `next_cursor` is empty on the last page."""

    moments = MomentOut(source="rows", many=True)


class MomentsAsked(Listed):
    """The filter of a list of contacts."""

    ORDERS: ClassVar[Orders] = {"-at": ["-at", "-id"], "at": ["at", "id"]}

    phone = serializers.CharField(
        required=False, max_length=40, help_text="In any spelling: 0612345678, +212 6 12…"
    )
    contract_number = serializers.CharField(required=False, max_length=40)
    channel = serializers.ChoiceField(ContactMoment.Channel.choices, required=False)
    result = serializers.ChoiceField(ContactMoment.Result.choices, required=False)
    request = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)


class CallbackIn(Shape):
    """Who is to be called back. `key` names what asks: the same key asks once."""

    phone = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=500)
    name = optional_text(200)
    department = optional_text(20, help_text="Code of the unit that calls; else the centre.")
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    request = serializers.UUIDField(required=False, allow_null=True, default=None)
    key = optional_text(80)


class CallbackOut(Shape):
    """A call-back: `due_at` moves with tries in vain, `promised_at` stays."""

    id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.code", help_text="Code of the department.")
    name = serializers.CharField()
    phone = serializers.CharField()
    reason = serializers.CharField()
    request = serializers.UUIDField(source="request_id", allow_null=True)
    moment = serializers.UUIDField(source="moment_id", allow_null=True)
    assigned_to = serializers.CharField(
        source="assigned_to.username", allow_null=True, help_text="User name."
    )
    made_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    tried = serializers.IntegerField()
    done_at = serializers.DateTimeField(allow_null=True)
    reached = serializers.BooleanField(allow_null=True)


class CallbackPage(Shape):
    """One page of call-backs, the most urgent first, with the counts of all that are open."""

    callbacks = CallbackOut(source="page.rows", many=True)
    next_cursor = serializers.CharField(source="page.next_cursor")
    open = serializers.IntegerField(source="counts.open")
    late = serializers.IntegerField(source="counts.late")
    mine = serializers.IntegerField(source="counts.mine")


class CallbacksAsked(Listed):
    """The filter of the queue."""

    ORDERS: ClassVar[Orders] = {"due_at": ["due_at", "id"], "-due_at": ["-due_at", "-id"]}

    unit = serializers.CharField(required=False, max_length=20, help_text="Code of a department.")
    mine = serializers.BooleanField(
        required=False, default=False, help_text="Those assigned to the caller alone."
    )
    done = serializers.BooleanField(required=False, default=False)


class TryIn(Shape):
    """How a try went; `tried` is the number of tries that the caller knows of."""

    reached = serializers.BooleanField()
    tried = serializers.IntegerField(min_value=0)
    remark = optional_text(500)
    next_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    give_up = serializers.BooleanField(default=False)


def renamed(given: dict[str, Any], **names: str) -> dict[str, Any]:
    """Return the values under the names of the rules: `department="unit"`."""
    return {names.get(name, name): value for name, value in given.items()}
