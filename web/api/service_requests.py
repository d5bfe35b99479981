"""POST a request for a service: public, without an account, as the pages of the portal do it."""

from collections.abc import Mapping
from typing import Any, Final, cast

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.publishing import Published, published
from eservices.requests.opening import Opened, PieceFile
from eservices.requests.submitting import (
    ASKER,
    AnswersRefusedError,
    SubmissionData,
    ask_service,
    check_asker,
    key_for,
    remaining,
    summary_of,
    take_asker,
)
from registry.models.letters import Channel
from routing.acting.errors import NotAllowedError
from web.addresses import address_of
from web.api.deposit import idempotency_key
from web.api.letters import KEY
from web.api.shape import Shape, shown
from web.api.view import UploadView, responses
from web.header_checks import is_header_check
from web.register_away import register_away
from web.shared.receipt_links import receipt_link
from web.shared.strict_json import read_json
from web.throttle import DEPOSIT_BY_ADDRESS, check_limit, count_attempt
from web.uploads import arrived

_TOLD: Final = frozenset({"answers", "language", *ASKER})
_MOST_DEEP: Final = 200_000  # characters of the answers; a form with every field full has less


class ServiceRequestIn(Shape):
    """Answers by field, and who asks; each file is a part named after its piece.

    In a form, `answers` is JSON. Who asks may also stand in it, as the object `contact`.
    """

    answers = serializers.DictField(help_text="By field of the service's form.")
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    organisation = serializers.CharField(required=False, allow_blank=True, max_length=200)
    email = serializers.CharField(required=False, allow_blank=True, max_length=254)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    address = serializers.CharField(required=False, allow_blank=True, max_length=400)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class RemainingOut(Shape):
    """Something that remains to be done: `awaited` of the citizen, or a `payment`."""

    kind = serializers.ChoiceField(["awaited", "payment"])
    words = serializers.CharField()


class ServiceRequestOut(Shape):
    """The request as it was registered; number and code open its page, the receipt's link a day."""

    number = serializers.CharField()
    tracking_code = serializers.CharField()
    receipt_url = serializers.CharField(help_text="The receipt as PDF, for a day.")
    stage = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    waiting_for = serializers.CharField(allow_null=True)
    remaining = RemainingOut(many=True)


class ServiceRequestsView(UploadView):
    """Requests for a service, by anybody."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the attempt by address, before anything is read."""
        (check_limit if is_header_check(request) else count_attempt)(
            DEPOSIT_BY_ADDRESS, address_of(request)
        )
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="ask_service",
        parameters=[KEY],
        request={"multipart/form-data": ServiceRequestIn, "application/json": ServiceRequestIn},
        responses=responses(ServiceRequestOut, 400, 403, 404, 409, 413, 422, 429, 503, status=201)
        | {200: ServiceRequestOut},
        auth=[],
    )
    def post(self, request: Request, code: str) -> Response:
        """Register a request for a service. 422: each field or piece that is wrong, in words."""
        service = _offered(code)
        if not isinstance(request.data, Mapping):
            raise ValidationError({"request": [_("Send an object with fields.")]})
        language = _language(request)
        answers, told = take_asker(service.definition, _answers(request))
        told |= {name: str(request.data[name]) for name in ASKER if request.data.get(name)}
        asker = check_asker(told, language=language)
        files = _files(request)
        wrong = _unknown(request)
        if wrong:
            raise AnswersRefusedError(wrong)
        key = idempotency_key(request)
        how = SubmissionData(
            language=language,
            channel=Channel.API,
            deposit_key=key_for(key, service, asker) if key else "",
        )
        with register_away():
            opened = ask_service(service, answers, asker=asker, files=files, how=how)
        return _answer(opened)


def _answer(opened: Opened) -> Response:
    told = {
        **summary_of(opened),
        "receipt_url": receipt_link(opened.request.letter_id),
        "remaining": remaining(opened.request),
    }
    return shown(ServiceRequestOut, told, status=201 if opened.created else 200)


def _offered(code: str) -> Published:
    service = published(code)
    if service is None or Channel.API not in service.definition.channels:
        raise Http404
    if service.definition.identity:
        raise NotAllowedError(_("This service must know who asks: use the form on the portal."))
    return service


def _language(request: Request) -> str:
    given = str(request.data.get("language") or get_language() or "fr")[:2]
    return given if given in LANGUAGES else "fr"


def _answers(request: Request) -> dict[str, Any]:
    """Return the answers: an object, or JSON in a field or part of a form."""
    given: Any = request.data.get("answers", {})
    if hasattr(given, "read"):
        given = given.read(_MOST_DEEP + 1).decode("utf-8", "replace")
    if isinstance(given, str):
        given = _parsed(given)
    if not isinstance(given, dict):
        raise AnswersRefusedError({"answers": _("The answers are an object, by field.")})
    return cast("dict[str, Any]", given)


def _parsed(text: str) -> Any:
    if len(text) > _MOST_DEEP:
        raise AnswersRefusedError({"answers": _("This is too long.")})
    try:
        return read_json(text or "{}")
    except ValueError as error:
        raise AnswersRefusedError({"answers": _("This is no JSON.")}) from error


def _files(request: Request) -> list[PieceFile]:
    """Return the files, each with the piece that its part is named after."""
    names = [name for name in request.FILES if name != "answers"]
    return [
        PieceFile(name, file.name, file.stream)
        for name in names
        for file in arrived(request._request, name)
    ]


def _unknown(request: Request) -> dict[str, str]:
    """Return the fields beside the answers that nobody knows; a file's name is its piece."""
    return {
        str(name)[:80]: _("There is no such field.")
        for name in request.data
        if name not in _TOLD and name not in request.FILES
    }
