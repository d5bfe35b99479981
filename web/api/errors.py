"""Every error of the API in one shape, in the language of the caller.

{"error": {"code", "message", "fields": {name: [words]}, "refusals": [{code, name, message}]}}

`code` is stable and for programs; everything else is for people. Settings name `answer_error`.
"""

import logging
import math
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from channels.services import NotPossibleNowError
from eservices.privacy.rights import DataNotAllowedError
from eservices.readings.taking import AlreadyReadError
from eservices.requests.submitting import AnswersRefusedError
from org.errors import LostKeyError
from registry.access import NoSuchLetterError
from registry.book.voiding import VoidNotAllowedError
from registry.contacts.access import NoSuchContactError
from registry.contacts.directory import BadContactError
from registry.corrections import BadCorrectionError
from registry.disposal.errors import DisposalNotAllowedError
from registry.files.receiving import VaultError
from registry.refusals import DepositRefusedError, OtherContentError, Refusal, passing
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from search.contract import EngineUnavailable, InvalidCursor
from web.api.error_codes import WORDS
from web.api.shape import Shape
from web.api.tokens import OutOfScopeError, UnconfirmedError
from web.retry_later import RETRY_SECONDS, unavailable
from web.throttle import TooManyAttemptsError

log = logging.getLogger(__name__)
PROBLEM: Final = "application/problem+json"
ROOT: Final = "/api/"
SCHEMA: Final = "/api/schema/"
LINKS: Final = f'<{ROOT}>; rel="service-doc", <{SCHEMA}>; rel="service-desc"'  # RFC 8631


class BadCredentialsError(Exception):
    """User name and password do not fit; which of them is not disclosed."""


class SecondStepError(Exception):
    """Name and password are right, and not enough for this account."""


class StaleError(Exception):
    """The caller saw the row in a state that it no longer has (If-Match)."""


class TooLargeRequestError(Exception):
    """The request announces more bytes than are read here."""


_BY_STATUS: Final = {
    status.HTTP_400_BAD_REQUEST: "malformed",
    status.HTTP_401_UNAUTHORIZED: "not_authenticated",
    status.HTTP_403_FORBIDDEN: "not_allowed",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "method_not_allowed",
    status.HTTP_406_NOT_ACCEPTABLE: "not_acceptable",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    status.HTTP_429_TOO_MANY_REQUESTS: "throttled",
}
_DATABASE_AWAY: Final = (OperationalError, InternalError, InterfaceError)
_BY_CLASS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (NoSuchLetterError, "not_found"),
    (NoSuchContactError, "not_found"),
    (Http404, "not_found"),
    (NotAllowedError, "not_allowed"),
    (DjangoPermissionDenied, "not_allowed"),
    (NotPossibleNowError, "not_possible"),
    (ConflictError, "moved_on"),
    (StaleError, "stale"),
    (VoidNotAllowedError, "not_possible"),
    (DisposalNotAllowedError, "not_possible"),
    (DataNotAllowedError, "not_possible"),
    (LostKeyError, "not_possible"),
    (AlreadyReadError, "not_possible"),
    (InvalidCursor, "bad_cursor"),
    (EngineUnavailable, "unavailable"),
    (VaultError, "unavailable"),
    *((error, "unavailable") for error in _DATABASE_AWAY),
    (RequestDataTooBig, "too_large"),
    (TooLargeRequestError, "too_large"),
    (TooManyAttemptsError, "throttled"),
    (BadCredentialsError, "bad_credentials"),
    (SecondStepError, "second_step"),
    (OutOfScopeError, "out_of_scope"),
    (UnconfirmedError, "unconfirmed"),
    (SuspiciousOperation, "malformed"),
)
# These say in words of their own what is not possible and why.
_SPEAKING: Final = (
    NotAllowedError,
    NotPossibleNowError,
    VoidNotAllowedError,
    DisposalNotAllowedError,
    DataNotAllowedError,
    LostKeyError,
    AlreadyReadError,
    OutOfScopeError,
)
SCIM_ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


class RefusalOut(Shape):
    """One reason why a deposit was refused, and the file or field it is about."""

    code = serializers.CharField()
    name = serializers.CharField()
    message = serializers.CharField()

    def show_message(self, refusal: Refusal) -> str:
        """Return the reason in the caller's language."""
        return refusal.words()


class ErrorBody(Shape):
    """A stable code, and a message in the caller's language."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    refusals = RefusalOut(many=True)

    def show_message(self, problem: "Problem") -> str:
        """Return the problem's own message, else that of its code."""
        return problem.message or str(WORDS[problem.code][1])


class ErrorOut(Shape):
    """The one shape of every error."""

    error = ErrorBody()


class ProblemOut(Shape):
    """The same error as RFC 9457 says it, for callers that accept application/problem+json."""

    type = serializers.CharField(help_text="about:blank: `code` says which problem it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A message in the caller's language.")
    code = serializers.CharField(help_text="Stable, for programs.")
    error = ErrorBody()


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the API returns it; without a message it has the message of its code."""

    code: str
    message: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return WORDS[self.code][0]

    def body(self) -> dict[str, Any]:
        """Return the error in the one shape."""
        return dict(ErrorOut({"error": self}).data)

    def as_problem(self) -> dict[str, Any]:
        """Return the error as RFC 9457 says it, the one shape within it."""
        told = self.body()
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": told["error"]["message"],
            "code": self.code,
            **told,
        }

    def rendered_for(self, request: HttpRequest | None) -> tuple[dict[str, Any], str]:
        """Return the body for this caller, and its media type."""
        accepted = request.headers.get("Accept", "") if request else ""
        if PROBLEM in accepted:
            return self.as_problem(), PROBLEM
        return self.body(), "application/json"


def problem_of(error: Exception) -> Problem:
    """Return the problem of an error; "server_error" for an unexpected one."""
    if isinstance(error, OtherContentError):
        return Problem("key_used", refusals=error.refusals)
    if isinstance(error, DepositRefusedError):
        code = "unavailable" if passing(error.refusals) else "refused"
        return Problem(code, refusals=error.refusals)
    if isinstance(error, TooManyFilesSent):
        return Problem("refused", refusals=(Refusal("too_many_files"),))
    if found := _by_field(error):
        return found
    if isinstance(error, exceptions.APIException):
        return Problem(_BY_STATUS.get(error.status_code, "server_error"))
    for known, code in _BY_CLASS:
        if isinstance(error, known):
            return Problem(code, message=str(error) if isinstance(error, _SPEAKING) else "")
    return Problem("server_error")


def _by_field(error: Exception) -> Problem | None:
    """Return the problem of an error that says which fields are wrong."""
    if isinstance(error, AnswersRefusedError):
        fields = {name: [words] for name, words in error.errors.items()}
        return Problem("bad_answers", fields=fields)
    if isinstance(error, BadCorrectionError):
        return Problem("invalid", fields={error.refusal.name: [str(error)]})
    if isinstance(error, BadContactError):
        return Problem("invalid", fields={error.field: [str(error)]})
    if isinstance(error, exceptions.ValidationError):
        return Problem("invalid", fields=_fields_of(error.detail))
    return None


def _fields_of(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Return messages by field, nested fields with dots: `values.kind`."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= _fields_of(inner, f"{prefix}.{name}" if prefix else str(name))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "request": [str(message) for message in messages]}


def answer_error(error: Exception, context: dict[str, Any]) -> Response:
    """Return the API's answer to any error raised in a view."""
    problem = problem_of(error)
    headers = {"Vary": "Accept"}
    if challenge := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    if problem.code == "server_error" or isinstance(error, _DATABASE_AWAY):
        _log_failure(error, context)
    if problem.status == 503:
        headers["Retry-After"] = RETRY_SECONDS
    if problem.status == 404:
        headers["Link"] = LINKS
    told, media_type = problem.rendered_for(context.get("request"))
    return Response(told, status=problem.status, headers=headers, content_type=media_type)


def _log_failure(error: Exception, context: dict[str, Any]) -> None:
    """Log where it failed, without the error's own text: a database puts people's data into it."""
    view = type(context.get("view")).__name__
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s\n%s", view, type(error).__name__, frames)


def answer_plainly(request: HttpRequest, code: str, *, message: str = "") -> JsonResponse:
    """Return an error outside the framework's views: unknown addresses, broken requests."""
    problem = Problem(code, message)
    if request.path.startswith("/scim/"):
        words, media_type = str(WORDS[code][1]), "application/scim+json"
        told = {"schemas": [SCIM_ERROR], "status": str(problem.status), "detail": words}
    else:
        told, media_type = problem.rendered_for(request)
    answer = JsonResponse(told, status=problem.status, content_type=media_type)
    if problem.status == 404 and request.path.startswith(ROOT):
        answer.headers["Link"] = LINKS
    return unavailable(answer) if problem.status == 503 else answer
