"""Shapes of the services that citizens can ask for, in one language."""

from typing import Any, Final

from rest_framework import serializers

from eservices.catalogue.definition import (
    AUDIENCES,
    FAMILIES,
    FIELD_TYPES,
    LANGUAGES,
    NEEDS,
    STAGE_KINDS,
)
from web.api.shape import Shape

MOST_SERVICES: Final = 200
LONGEST_SEARCH: Final = 200


class LanguageAsked(Shape):
    """The wanted language."""

    language = serializers.ChoiceField(
        LANGUAGES,
        required=False,
        allow_blank=True,
        help_text="Without it: as Accept-Language asks.",
    )


class ServicesAsked(LanguageAsked):
    """The wanted services; with `q` the best first, else in the order of the catalogue."""

    q = serializers.CharField(
        required=False,
        max_length=LONGEST_SEARCH,
        help_text="Words in any language, spelling or dialect: “تسريب”, “compteur bloqué”.",
    )
    audience = serializers.ChoiceField(AUDIENCES, required=False, allow_blank=True)
    need = serializers.ChoiceField(NEEDS, required=False, allow_blank=True)
    limit = serializers.IntegerField(
        required=False, default=MOST_SERVICES, min_value=1, max_value=MOST_SERVICES
    )
    cursor = serializers.CharField(
        required=False, max_length=40, help_text="`next_cursor` of the page before."
    )


class ConditionOut(Shape):
    """When something is asked: the field's answer is one of `in`, or with `answered` any at all.

    `not` turns it round. A yes or no is compared as `yes` or `no`; of several answers one must fit.
    """

    field = serializers.CharField()
    answered = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields; two of them have names that are words of Python."""
        values = serializers.ListField(child=serializers.CharField())
        return {**super().get_fields(), "in": values, "not": serializers.BooleanField()}


class ServicePieceOut(Shape):
    """A paper that belongs to the request; send it under its code."""

    code = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField(  # type: ignore[assignment]  # of the piece
        help_text="Where `show_if` holds."
    )
    several = serializers.BooleanField(help_text="More than one file may be sent.")
    accept = serializers.ListField(
        child=serializers.CharField(), help_text="pdf, image, plan or any."
    )
    show_if = ConditionOut(allow_null=True)


class ServiceFeeOut(Shape):
    """What it costs; without `amount` the words say on what it depends."""

    amount = serializers.CharField(allow_null=True, help_text="Such as 120.00.")
    currency = serializers.CharField()
    words = serializers.CharField()


class ServiceTermsOut(Shape):
    """How long it takes; 0 where nothing is said."""

    legal_days = serializers.IntegerField()
    norm_days = serializers.IntegerField(help_text="What the office promises.")
    unit = serializers.ChoiceField(["working", "calendar"])
    silence = serializers.CharField(help_text="What silence means: granted, refused or nothing.")
    words = serializers.CharField()


class ServiceRow(Shape):
    """A service."""

    code = serializers.CharField()
    family = serializers.ChoiceField(FAMILIES)
    title = serializers.CharField()
    summary = serializers.CharField()
    audiences = serializers.ListField(child=serializers.CharField())
    needs = serializers.ListField(child=serializers.CharField())
    channels = serializers.ListField(child=serializers.CharField())
    identity = serializers.IntegerField(
        help_text="0 nobody in particular, 1 a verified contact, 2 the contract, 3 national e-ID."
    )
    pieces = ServicePieceOut(many=True)
    fee = ServiceFeeOut(allow_null=True, help_text="null: free of charge.")
    terms = ServiceTermsOut()
    address = serializers.CharField(help_text="The citizens' page of the service.")


class ServicesOut(Shape):
    """Services. `next_cursor` is empty on the last page."""

    language = serializers.ChoiceField(LANGUAGES)
    services = ServiceRow(many=True)
    next_cursor = serializers.CharField()


class OptionOut(Shape):
    """A value that can be chosen."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # of the row


class QuestionOut(Shape):
    """A question of the form; `min` and `max` are characters, numbers or days, by its type."""

    code = serializers.CharField()
    type = serializers.ChoiceField(FIELD_TYPES)
    label = serializers.CharField()  # type: ignore[assignment]  # of the row
    help = serializers.CharField()
    required = serializers.BooleanField(  # type: ignore[assignment]  # of the question
        help_text="Where `show_if` holds."
    )
    pattern = serializers.CharField()
    min = serializers.CharField()
    max = serializers.CharField()
    options = OptionOut(many=True)
    show_if = ConditionOut(allow_null=True)


class QuestionPageOut(Shape):
    """A page of questions."""

    code = serializers.CharField()
    title = serializers.CharField()
    intro = serializers.CharField()
    show_if = ConditionOut(allow_null=True)
    fields = QuestionOut(many=True)  # type: ignore[assignment]  # of the shape, not its own


class ServiceStageOut(Shape):
    """A stage as citizens read it; `waits_for` says what is awaited of them."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(STAGE_KINDS)
    label = serializers.CharField()  # type: ignore[assignment]  # of the row
    waits_for = serializers.CharField()
    days = serializers.IntegerField()


class ServiceQuestionOut(Shape):
    """What people ask about the service, and the answer."""

    question = serializers.CharField()
    answer = serializers.CharField()


class ServiceOut(ServiceRow):
    """A service with its form: pages of questions, pieces, stages."""

    language = serializers.ChoiceField(LANGUAGES)
    version = serializers.IntegerField()
    law = serializers.CharField()
    before = serializers.CharField(help_text="What to know before the start.")
    done = serializers.CharField(help_text="What is said after the deposit.")
    danger = ConditionOut(allow_null=True, help_text="When the matter is a danger to people.")
    pages = QuestionPageOut(many=True)
    stages = ServiceStageOut(many=True)
    questions = ServiceQuestionOut(many=True)
