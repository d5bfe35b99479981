"""Shapes of replies and their steps over the API: responses, and requests of their actions."""

from rest_framework import serializers

from correspondence.models.replies import Reply
from correspondence.models.steps import Act, SignatureLevel, StepState, Who
from correspondence.replies.archival_form import ways_on
from web.api.shape import Shape


class StepOut(Shape):
    """A visa or signature of a reply's circuit. Steps of the same rank are taken in parallel."""

    id = serializers.UUIDField()
    round = serializers.IntegerField(help_text="Of submission, from 1; earlier rounds stay.")
    rank = serializers.IntegerField()
    act = serializers.ChoiceField(Act.choices)
    who = serializers.ChoiceField(Who.choices)
    state = serializers.ChoiceField(StepState.choices)
    done_at = serializers.DateTimeField(allow_null=True)
    remark = serializers.CharField()
    level = serializers.ChoiceField(
        [("", ""), *SignatureLevel.choices], help_text="How it was signed; empty for a visa."
    )
    person = serializers.CharField(
        source="person.username", allow_null=True, help_text="User name, where one is named."
    )
    department = serializers.CharField(
        source="department.code", allow_null=True, help_text="Whose head is asked."
    )
    done_by = serializers.CharField(
        source="done_by.username", allow_null=True, help_text="User name."
    )
    done_for = serializers.CharField(
        source="for_person.username",
        allow_null=True,
        help_text="User name of the absent person in whose name it was done.",
    )


class ReplyOut(Shape):
    """A reply, from its draft to its dispatch."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(
        source="letter_id",
        allow_null=True,
        help_text="In whose history it stands; none for an own letter's draft.",
    )
    state = serializers.CharField()
    author = serializers.CharField(source="author.username")
    subject = serializers.CharField()
    body = serializers.CharField()
    file_name = serializers.CharField()
    remark = serializers.CharField()
    number = serializers.CharField(
        source="outgoing.number",
        allow_null=True,
        help_text="Of the outgoing letter, once signed or sent.",
    )
    outgoing = serializers.UUIDField(source="outgoing_id", allow_null=True)
    signed_level = serializers.ChoiceField([("", ""), *SignatureLevel.choices])
    signed = serializers.BooleanField(help_text="Whether the signed paper is filed.")
    archive_level = serializers.ChoiceField(
        [("", ""), *Reply.ArchivalLevel.choices],
        help_text="How its file lasts; empty: not known yet.",
    )
    archive_problem = serializers.CharField(
        help_text="Why its file was not made into PDF/A; with an empty level it waits for a choice."
    )
    archive_ways = serializers.ListField(
        child=serializers.CharField(), help_text="What may be chosen then, at `lasting`."
    )
    steps = StepOut(many=True)

    def show_signed(self, reply: Reply) -> bool:
        """Return whether the signed paper is filed."""
        return reply.signed_file_id is not None

    def show_archive_ways(self, reply: Reply) -> tuple[str, ...]:
        """Return the choices, while one is open."""
        return ways_on(reply)


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
