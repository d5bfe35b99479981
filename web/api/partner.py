"""Partner systems over the API: deposit with a key, and follow their own letters."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from channels.services import PartnerKey, key_of, letter_of, letters_of, note_use
from org.models import User
from registry.states import Stage
from web.addresses import address_of
from web.api.deposit import PartnerDepositIn, deposit_of_partner
from web.api.described import by_form
from web.api.letters import KEY
from web.api.listing import Given, Listed, Rows, both_ways, changed_since, lists, with_events_since
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, UploadView, operation, responses
from web.header_checks import is_header_check
from web.throttle import PARTNER_BY_ADDRESS, Limit, check_limit, count_attempt


class _Caller:
    """The caller of a request with a key: no person, and without a person's rights."""

    is_authenticated = True
    is_active = True
    pk = None


class PartnerKeyAuthentication(BaseAuthentication):
    """Authentication by `Authorization: Key sjl_…` alone."""

    def authenticate(self, request: Request) -> tuple[Any, PartnerKey] | None:
        """Return the key. Raise AuthenticationFailed for a wrong one, counted by address."""
        word, _space, text = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "key":
            return None
        key = key_of(text)
        if key is None:
            count_attempt(PARTNER_BY_ADDRESS, address_of(request))
            raise AuthenticationFailed
        (check_limit if is_header_check(request) else count_attempt)(
            Limit("partner.key", key.per_hour, 3600), key.public
        )
        note_use(key)
        return _Caller(), key

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme that a caller without a key is asked to use."""
        return "Key"


class _Scheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = PartnerKeyAuthentication
    name = "partnerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme in the schema; what stands before the key is no part of the scheme."""
        words = _("The key of a partner's system, made on the partner's page: %(header)s")
        said = {"description": words % {"header": "`Authorization: Key sjl_…`"}}
        return {"type": "apiKey", "in": "header", "name": "Authorization"} | said


class PartnerDepositOut(Shape):
    """The registered letter; the tracking code is for its sender."""

    id = serializers.UUIDField(source="letter.id")
    number = serializers.CharField(source="letter.number")
    tracking_code = serializers.CharField()
    created = serializers.BooleanField()


class PartnerLetterOut(Shape):
    """The letter's progress, in the words of the public."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    registered_at = serializers.DateTimeField()
    stage = serializers.ChoiceField(Stage.choices)
    due_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField(help_text="Grows with each change, as in webhooks.")


class PartnerLettersOut(PageShape):
    """Letters of the partner's own. `next_cursor` is empty on the last page."""

    letters = PartnerLetterOut(source="rows", many=True)


class PartnerLettersAsked(Listed):
    """A page of the partner's letters, the latest first unless asked otherwise."""

    ORDERS = both_ways("-registered_at", "-registered_at", "-id")

    changed_since = changed_since()


class LettersView(UploadView):
    """Letters of partners: deposited, and listed."""

    authentication_classes = [PartnerKeyAuthentication]
    permission_classes = [IsAuthenticated]

    @lists("partner_letters", PartnerLettersAsked, PartnerLettersOut, 403, 429)
    def get(self, request: Request, given: Given) -> Rows:
        """List the letters that the partner deposited; nothing of their content."""
        rows = letters_of(_followed_by(request))
        if "changed_since" in given:
            rows = rows.filter(pk__in=with_events_since(given["changed_since"]))
        return rows

    @operation(
        "partner_deposit",
        responses(PartnerDepositOut, 400, 403, 409, 413, 422, 429, 503, status=201)
        | {200: PartnerDepositOut},
        asks=[KEY],
        takes=by_form(PartnerDepositIn),
    )
    def post(self, request: Request) -> Response:
        """Register an incoming letter; register, channel and confidentiality are not asked."""
        key = _key(request)
        if not key.may_deposit:
            raise PermissionDenied
        received = deposit_of_partner(request, key=key)
        return shown(PartnerDepositOut, received, status=201 if received.created else 200)


class LetterView(ApiView):
    """A letter of the partner's own."""

    authentication_classes = [PartnerKeyAuthentication]
    permission_classes = [IsAuthenticated]

    @operation("partner_letter", PartnerLetterOut, 403, 404, 429)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return its number, stage and due date; nothing of its content."""
        letter = letter_of(_followed_by(request), letter_id)
        if letter is None:
            raise Http404
        return shown(PartnerLetterOut, letter)


def _followed_by(request: Request) -> PartnerKey:
    """Return the key of the request; raise PermissionDenied for one that may not follow."""
    key = _key(request)
    if not key.may_follow:
        raise PermissionDenied
    return key


def _key(request: Request) -> PartnerKey:
    """Return the key of the request."""
    if not isinstance(request.auth, PartnerKey) or isinstance(request.user, User):
        raise PermissionDenied
    return request.auth
