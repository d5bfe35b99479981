"""Response shapes of what belongs to a letter: related letters, assignments, decisions."""

from rest_framework import serializers

from registry.models.duplicates import LINK_KINDS
from routing.models.closing import Outcome
from web.api.shape import Shape


class SameOut(Shape):
    """A letter related to this one: proposed by the system, or linked by a person."""

    letter = serializers.UUIDField(source="other.id")
    number = serializers.CharField(source="other.number")
    kind = serializers.ChoiceField(LINK_KINDS)
    later = serializers.BooleanField(
        help_text="Whether the letter asked about is the later of the two; the kind is told of it."
    )
    score = serializers.FloatField(help_text="From 0 to 1; 1 where a person decided.")
    reasons = serializers.ListField(child=serializers.CharField())
    link = serializers.UUIDField(
        source="link.id", allow_null=True, help_text="Null while nobody decided."
    )
    decided_by = serializers.CharField(source="link.made_by.username", allow_null=True)
    decided_at = serializers.DateTimeField(source="link.made_at", allow_null=True)


class SameListOut(Shape):
    """The related letters, as far as the caller may read them."""

    same = SameOut(many=True)


class AssignmentOut(Shape):
    """An assignment of a letter to a department."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(source="letter_id")
    department = serializers.CharField(source="department.code")
    role = serializers.ChoiceField(["action", "copy"])
    state = serializers.CharField()
    person = serializers.CharField(
        source="person.username", allow_null=True, help_text="User name."
    )
    due_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    method = serializers.CharField()
    assigned_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    signed_off_at = serializers.DateTimeField(allow_null=True)


class SuggestionOut(Shape):
    """The system's suggestion for a fact, its confidence, and the reasons."""

    id = serializers.UUIDField()
    field = serializers.CharField()
    value = serializers.CharField()
    score = serializers.FloatField(help_text="From 0 to 1.")
    sure = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]
    model_version = serializers.CharField()
    decision = serializers.ChoiceField(["pending", "accepted", "corrected"])


class VoidRequestOut(Shape):
    """A request to void the letter."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(source="letter_id")
    reason = serializers.CharField()
    asked_by = serializers.CharField(source="asked_by.username")
    asked_at = serializers.DateTimeField()
    decision = serializers.ChoiceField(["pending", "approved", "refused"])
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    minute_number = serializers.CharField(allow_null=True)


class OutcomeOut(Shape):
    """In whose favour the matter was decided, who said so, and why it was corrected."""

    outcome = serializers.ChoiceField(Outcome.Value.choices, source="value")
    department = serializers.CharField(
        source="department.code", allow_null=True, help_text="Which signed off with it."
    )
    reason = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.username")
    recorded_at = serializers.DateTimeField()
