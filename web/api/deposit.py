"""POST letters, the most used endpoint: one parse, one call, one short answer, few queries."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from channels.services import PartnerKey, deposit_for
from org.models import Level, User
from registry.intake import LetterData, PartyData, Received, receive_letter
from registry.models.letters import Channel, Party
from registry.models.registers import Register
from registry.plausible_days import receipt_problem, writing_problem
from web.api.answers import DepositOut
from web.api.bodies import known_only
from web.api.codes import kind_by_code, no_such_code
from web.api.shape import Shape, optional_text, shown
from web.register_away import register_away
from web.uploads import arrived

SENDER = ("name", "organisation", "address", "email", "phone")
LONGEST_KEY = 200


class DepositIn(Shape):
    """The metadata of the letter; all may be empty, but one file or a message is required."""

    files = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Each file is one document."
    )
    message = optional_text(100_000)
    subject = optional_text(500)
    channel = serializers.ChoiceField(Channel.choices, required=False, default=Channel.API)
    register = serializers.CharField(
        required=False,
        default="IN",
        max_length=12,
        help_text="The code of a register of incoming or internal letters.",
    )
    kind = optional_text(40)
    document_date = serializers.DateField(required=False, default=None)
    received_at = serializers.DateTimeField(required=False, default=None)
    external_reference = optional_text(120)
    confidentiality = serializers.ChoiceField(Level.choices, required=False, default=0)
    sender_name = optional_text(200)
    sender_organisation = optional_text(200)
    sender_address = optional_text(400)
    sender_email = serializers.EmailField(
        required=False, default="", allow_blank=True, max_length=254
    )
    sender_phone = optional_text(40)

    def validate_register(self, value: str) -> str:
        """Refuse a register into which nothing is deposited."""
        rows = Register.objects.filter(code=value, direction__in=Register.DEPOSITED)
        if value not in {"IN", "INT"} and not rows.exists():
            raise no_such_code("register", value)
        return value


class PartnerDepositIn(DepositIn):
    """A deposit without what the office alone decides."""

    channel = register = confidentiality = None  # type: ignore[assignment]


@cache
def _fields(shape: type[DepositIn], *, files: bool) -> DepositIn:
    """Return one instance for all requests: checking values changes nothing, making it is slow."""
    serializer = shape()
    if not files:
        del serializer.fields["files"]  # judged by the register, file by file
    return serializer


def _checked_values(request: Request, shape: type[DepositIn]) -> Mapping[str, Any]:
    """Return the request's values. Raise ValidationError, also for fields unknown to the shape."""
    data = request.data
    if not isinstance(data, Mapping):
        raise ValidationError({"request": [_("Send an object with fields.")]})
    known_only(_fields(shape, files=True), request)
    given = {n: data.get(n) for n in data if n != "files" and data.get(n) != ""}
    told: Mapping[str, Any] = _fields(shape, files=False).run_validation(given)
    return told


def idempotency_key(request: Request) -> str:
    """Return the caller's key, "" without one. Raise ValidationError where it is too long."""
    key = str(request.headers.get("Idempotency-Key", "")).strip()
    if len(key) > LONGEST_KEY:
        raise ValidationError({"Idempotency-Key": [_("This key is too long.")]})
    return key


def deposit(request: Request, *, actor: User) -> Received:
    """Register the request's letter. Raise ValidationError, DepositRefusedError: nothing kept."""
    given = _checked_values(request, DepositIn)
    with register_away():
        return receive_letter(
            _letter_data(given),
            actor=actor,
            files=arrived(request),
            message=given["message"],
            deposit_key=idempotency_key(request),
        )


def deposit_of_partner(request: Request, *, key: PartnerKey) -> Received:
    """Register a deposit of a partner's system: an incoming, ordinary letter by the API."""
    given = _checked_values(request, PartnerDepositIn)
    office = {"channel": Channel.API, "register": "IN", "confidentiality": Level.ORDINARY}
    data = replace(_letter_data({**given, **office}), notes={"partner_key": key.public})
    files, once = arrived(request), idempotency_key(request)
    with register_away():
        return deposit_for(key, data, files=files, message=given["message"], once=once)


def _letter_data(given: Mapping[str, Any]) -> LetterData:
    sender = {name: given[f"sender_{name}"] for name in SENDER}
    _refuse_impossible(document_date=given["document_date"], received_at=given["received_at"])
    return LetterData(
        channel=given["channel"],
        register=given["register"],
        subject=given["subject"],
        kind=kind_by_code(given["kind"]),
        parties=[PartyData(Party.Role.SENDER, **sender)] if any(sender.values()) else [],
        document_date=given["document_date"],
        received_at=given["received_at"],
        external_reference=given["external_reference"],
        confidentiality=int(given["confidentiality"]),
    )


def _refuse_impossible(*, document_date: date | None, received_at: datetime | None) -> None:
    problems = {
        "document_date": writing_problem(document_date) if document_date else "",
        "received_at": receipt_problem(received_at) if received_at else "",
    }
    if wrong := {name: [words] for name, words in problems.items() if words}:
        raise ValidationError(wrong)


def deposited(received: Received, *, viewer: User) -> Response:
    """Return the answer to a deposit: 201 for a new letter, 200 for one that the key had made."""
    return shown(DepositOut, received, status=201 if received.created else 200, viewer=viewer)
