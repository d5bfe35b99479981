"""Custody of papers over the API: who has a letter's original, and where it goes."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels.services import stickers_on
from org.models import User
from registry.access import get_letter
from registry.models.letters import Letter
from routing.custody import holding
from web.api.access import caller
from web.api.codes import department_by_code, person_by_name
from web.api.shape import Shape, optional_text, shown
from web.api.view import ApiView, operation
from web.stickers import stick


class CustodyIn(Shape):
    """Where the paper is now, or a free sticker put on it.

    `code` of a sticker: what its QR code says, or its number and check; `take` needs nothing else,
    each other its own field.
    """

    what = serializers.ChoiceField(["take", "department", "person", "box", "sticker"])
    department = serializers.CharField(required=False, default="", allow_blank=True)
    person = serializers.CharField(required=False, default="", allow_blank=True)
    box = optional_text(60)
    code = optional_text(200)


class HolderOut(Shape):
    """One stage of the paper's custody; one of department, person and box is named."""

    department = serializers.CharField(source="department.code", allow_null=True)
    person = serializers.CharField(source="person.username", allow_null=True)
    box = serializers.CharField()
    current = serializers.BooleanField()
    given_by = serializers.CharField(source="given_by.username")
    given_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(source="confirmed_by.username", allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class CustodyOut(Shape):
    """The paper's custody, in order, and the stickers on it."""

    custody = HolderOut(many=True)
    stickers = serializers.ListField(child=serializers.CharField())


class CustodyView(ApiView):
    """Custody of the paper."""

    @operation("list_custody", CustodyOut, 404)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """List where the original of a letter was, and is."""
        viewer = caller(request)
        return shown(CustodyOut, custody_of(viewer, get_letter(viewer, letter_id)))


def move(letter: Letter, *, actor: User, what: str, **given: str) -> None:
    """Record where the paper is now."""
    if what == "take":
        holding.take_paper(letter, actor=actor)
    elif what == "box":
        holding.box_paper(letter, actor=actor, box=given["box"])
    elif what == "sticker":
        stick(letter, actor=actor, code=given["code"])
    elif what == "department":
        unit = department_by_code(given["department"])
        holding.hand_over_paper(letter, actor=actor, department=unit)
    else:
        holding.hand_over_paper(letter, actor=actor, person=person_by_name(given["person"]))


def custody_of(_viewer: User, letter: Letter) -> dict[str, Any]:
    """Return the paper's holders and stickers."""
    return {"custody": holding.way_of_paper(letter)[:500], "stickers": stickers_on(letter)}
