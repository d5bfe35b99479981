"""Steps of replies over the API: responses, and requests of their actions."""

from typing import Any

from rest_framework import serializers

from correspondence.models.steps import Act, ReplyStep, SignatureLevel, StepState, Who

Shape = serializers.Serializer[Any]


class StepOut(Shape):
    """A visa or signature of a reply's circuit. Steps of the same rank are taken in parallel."""

    id = serializers.UUIDField()
    round = serializers.IntegerField(help_text="Of submission, from 1; earlier rounds stay.")
    rank = serializers.IntegerField()
    act = serializers.ChoiceField(Act.choices)
    who = serializers.ChoiceField(Who.choices)
    person = serializers.CharField(allow_null=True, help_text="User name, where one is named.")
    department = serializers.CharField(allow_null=True, help_text="Whose head is asked.")
    state = serializers.ChoiceField(StepState.choices)
    done_by = serializers.CharField(allow_null=True, help_text="User name.")
    done_for = serializers.CharField(
        allow_null=True, help_text="User name of the absent person in whose name it was done."
    )
    done_at = serializers.DateTimeField(allow_null=True)
    remark = serializers.CharField()
    level = serializers.ChoiceField(
        [("", ""), *SignatureLevel.choices], help_text="How it was signed; empty for a visa."
    )


class SubmitIn(Shape):
    """The circuit; by default, the closest that fits."""

    circuit = serializers.IntegerField(required=False, default=None, allow_null=True)


class LastingIn(Shape):
    """The choice for a draft whose file was not made into PDF/A."""

    lasting = serializers.ChoiceField(
        ["text", "copy", "picture", "as_is"],
        help_text="Once more; a PDF/A without the digital signature; of pictures; as it is.",
    )


class StepIn(Shape):
    """The step that is meant; by default, the first that is the caller's."""

    step = serializers.UUIDField(required=False, default=None, allow_null=True)


class ReturnIn(StepIn):
    """The remark on what should be changed."""

    remark = serializers.CharField(max_length=500)


def step(row: ReplyStep) -> dict[str, Any]:
    """Return a step with its people (`step_rows`)."""
    names = ("round", "rank", "act", "who", "state", "done_at", "remark", "level")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "person": row.person.username if row.person else None,
        "department": row.department.code if row.department else None,
        "done_by": row.done_by.username if row.done_by else None,
        "done_for": row.for_person.username if row.for_person else None,
    }
