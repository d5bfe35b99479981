"""The caller's API tokens: got for a name and a password, listed, revoked."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from identity.factors import has_second_step, needs_second_step
from identity.kinds import SecurityKind
from identity.models import Access, ApiToken, Area
from identity.tokens import in_force, make_logged_in, revoke_token
from org.models import User
from web.addresses import address_of, plain_address
from web.api import requests
from web.api.access import caller
from web.api.errors import BadCredentialsError, SecondStepError
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape
from web.api.view import (
    MOST_ROWS,
    ApiView,
    checked,
    get_or_404,
    no_words,
    operation,
    responses,
)
from web.shared.failed_sign_ins import record_failure
from web.throttle import (
    TOKEN_BY_ADDRESS,
    TOKEN_BY_NAME,
    TOKEN_BY_NAME_ANYWHERE,
    count_attempt,
    take_back,
)


class TokenOut(Shape):
    """Send it as `Authorization: Token …`."""

    token = serializers.CharField()


class TokenView(ApiView):
    """Log-in for programs."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(
        operation_id="get_token",
        request=requests.TokenIn,
        responses=responses(TokenOut, 400, 429),
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Return the person's token for user name and password."""
        given = checked(requests.TokenIn, request)
        address, name = address_of(request), given["username"]
        keys = {TOKEN_BY_ADDRESS: address, TOKEN_BY_NAME: f"{address} {name}"}
        keys |= {TOKEN_BY_NAME_ANYWHERE: name}
        for limit, key in keys.items():
            count_attempt(limit, key)
        user = authenticate(request._request, **given)
        if not isinstance(user, User):
            record_failure(request._request, name, kind=SecurityKind.SIGN_IN_FAILED, way="api")
            raise BadCredentialsError
        for limit, key in keys.items():
            take_back(limit, key)
        if has_second_step(user) or needs_second_step(user):
            raise SecondStepError
        return Response({"token": make_logged_in(user, address=plain_address(request._request))})


class MyTokenView(ApiView):
    """The token that the caller sends."""

    @operation("revoke_token", None, status=204)
    def delete(self, request: Request) -> Response:
        """Revoke the token that this request is made with."""
        no_words(request)
        if isinstance(request.auth, ApiToken):
            revoke_token(request.auth, actor=caller(request))
        return Response(status=204)


class MyTokenOut(Shape):
    """A token of the caller; its key is shown once, when it is made."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    begins = serializers.CharField(source="public", help_text="The first letters of its key.")
    access = serializers.ChoiceField(Access.choices)
    areas = serializers.ListField(
        child=serializers.ChoiceField(Area.choices), help_text="Empty: all."
    )
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    used_on = serializers.DateField(allow_null=True)


class MyTokensAsked(Listed):
    """A page of tokens."""

    ORDERS = both_ways("-id", "-id")

    limit = serializers.IntegerField(
        required=False, default=MOST_ROWS, min_value=1, max_value=MOST_ROWS
    )


class MyTokensOut(PageShape):
    """The caller's tokens in force, the newest first. `next_cursor` is empty on the last page."""

    tokens = MyTokenOut(source="rows", many=True)


class MyTokensView(ApiView):
    """The caller's tokens."""

    @lists("list_tokens", MyTokensAsked, MyTokensOut)
    def get(self, request: Request, _given: Given) -> Rows:
        """List the caller's tokens in force."""
        return in_force(caller(request))


class MyOneTokenView(ApiView):
    """One of the caller's tokens."""

    @operation("revoke_one_token", None, 403, 404, status=204)
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke it; a token that is limited revokes itself alone (`DELETE me/token`)."""
        no_words(request)
        token = get_or_404(ApiToken.objects.filter(pk=token_id, person=caller(request)))
        revoke_token(token, actor=caller(request))
        return Response(status=204)
