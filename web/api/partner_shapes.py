"""Shapes of partners, their keys and the messages to their systems over the API."""

from typing import Any

from rest_framework import serializers

from channels import services
from web.api.listing import Listed, both_ways
from web.api.shape import PageShape, Shape

_EVENTS = [(str(kind), str(kind)) for kind in services.HOOK_CHOICES]
_STATES = services.Delivery.State


class PartnerKeyOut(Shape):
    """A key; its text is shown once, when it is made. A replaced one is valid until `ends_at`."""

    id = serializers.IntegerField()
    begins = serializers.CharField(source="public", help_text="What the key begins with.")
    may_deposit = serializers.BooleanField()
    may_follow = serializers.BooleanField()
    per_hour = serializers.IntegerField(help_text="Most requests an hour.")
    made_at = serializers.DateTimeField()
    used_on = serializers.DateField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class WebhookOut(Shape):
    """Where and of what the partner is notified, by the Standard Webhooks specification.

    `off_at`: since when nothing is sent (410, or days of failure), until it is switched on again.
    """

    url = serializers.CharField(source="webhook_url", help_text="Empty: nowhere.")
    events = serializers.ListField(child=serializers.ChoiceField(_EVENTS), source="webhook_events")
    contact = serializers.CharField(source="webhook_contact")
    failing_since = serializers.DateTimeField(source="webhook_failing_since", allow_null=True)
    off_at = serializers.DateTimeField(source="webhook_off_at", allow_null=True)
    off_because = serializers.CharField(source="webhook_off_why", help_text="gone or failing.")
    old_secret_until = serializers.DateTimeField(source="webhook_old_until", allow_null=True)


class PartnerOut(Shape):
    """A partner with its keys, the latest first."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    webhook = WebhookOut(source="*")
    keys = PartnerKeyOut(many=True)

    def show_keys(self, partner: services.Partner) -> list[Any]:
        """Return the keys, without a query each."""
        return sorted(partner.keys.all(), key=lambda key: -key.pk)


class PartnersOut(PageShape):
    """Partners by name. `next_cursor` is empty on the last page."""

    partners = PartnerOut(source="rows", many=True)


class PartnerIn(Shape):
    """A new partner."""

    name = serializers.CharField(max_length=200)


class KeyIn(Shape):
    """A new key: at least one right."""

    may_deposit = serializers.BooleanField(default=False)
    may_follow = serializers.BooleanField(default=False)
    per_hour = serializers.IntegerField(default=600, min_value=1)


class KeyMadeOut(Shape):
    """A new key with its text, which is in this answer alone."""

    key = serializers.CharField(help_text="For `Authorization: Key …`.")
    id = serializers.IntegerField()
    begins = serializers.CharField()


class WebhookIn(Shape):
    """The address (empty: nowhere), the events and whom to write to; what is left out stays."""

    url = serializers.CharField(max_length=400, allow_blank=True)
    events = serializers.ListField(child=serializers.ChoiceField(_EVENTS), required=False)
    contact = serializers.EmailField(required=False, allow_blank=True)


class WebhookSetOut(Shape):
    """The webhook as it is now; `secret` is filled where it is a new one, in this answer alone."""

    webhook = WebhookOut()
    secret = serializers.CharField(help_text="whsec_…, or empty where it stays.")


class DeliveryOut(Shape):
    """A message: `webhook_id` and `body` are the same however often it is sent."""

    id = serializers.IntegerField()
    webhook_id = serializers.CharField(source="message_id")
    type = serializers.CharField()
    letter = serializers.UUIDField(source="letter_id", allow_null=True)
    state = serializers.ChoiceField(_STATES.choices)
    attempts = serializers.IntegerField()
    answer_code = serializers.IntegerField(allow_null=True, help_text="Of the latest attempt.")
    problem = serializers.CharField(source="error")
    made_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(source="next_at", allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    body = serializers.CharField()


class DeliveriesOut(PageShape):
    """Messages, the latest first. `next_cursor` is empty on the last page."""

    deliveries = DeliveryOut(source="rows", many=True)


class PartnersAsked(Listed):
    """A page of partners."""

    ORDERS = both_ways("name", "name")


class DeliveriesAsked(Listed):
    """A page of messages, or of those in a state."""

    ORDERS = both_ways("-id", "-id")

    state = serializers.ChoiceField(_STATES.choices, required=False)
