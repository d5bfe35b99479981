"""The base of SCIM's addresses: who calls, what was sent, and every error as SCIM has it."""

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import Error, SCIMException

from correspondence.acting.waiting_steps import signs_by_name
from identity.directory.callers import Caller, DirectoryRefusedError, TakenError, UnknownError
from identity.kinds import SecurityKind
from identity.models import Access, Area
from identity.tokens import find_token
from org.errors import BadOrganisationError
from org.models import User
from web.addresses import plain_address
from web.retry_later import unavailable
from web.scim.shapes import PROVIDER
from web.shared.strict_json import read_json

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/scim+json"
READING: Final = {"GET", "HEAD", "OPTIONS"}
BAD_VALUE: Final = "invalidValue"

# Kind of error -> status, sentence ("": its own), SCIM's word.
KNOWN: Final[tuple[tuple[type[Exception], int, Any, str | None], ...]] = (
    (UnknownError, 404, "", None),
    (TakenError, 409, "", "uniqueness"),
    (RecursionError, 400, gettext_lazy("The request could not be read."), "invalidFilter"),
    (RequestDataTooBig, 413, gettext_lazy("The request is larger than is taken here."), None),
    (
        IntegrityError,
        409,
        gettext_lazy("Someone was faster. Look again and decide anew."),
        "uniqueness",
    ),
    (
        OperationalError,
        503,
        gettext_lazy("A part of the office is away. Try again in a few minutes."),
        None,
    ),
)


class ScimError(Exception):
    """An answer that is an error: status, SCIM's word for it, and a sentence."""

    def __init__(self, status: int, detail: str, scim_type: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.scim_type = status, detail, scim_type


@method_decorator(csrf_exempt, name="dispatch")
class ScimView(View):
    """Base view: the token of an administrator, made for the directory, opens it."""

    caller: Caller

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the view's answer; an error in SCIM's shape."""
        try:
            self.caller = caller_of(request)
            with PROVIDER:
                return super().dispatch(request, *args, **kwargs)
        except DirectoryRefusedError as error:
            self.caller.record(
                SecurityKind.DIRECTORY_REFUSED, subject=error.subject, verb=request.method
            )
            return answer_error(403, str(error))
        except Exception as error:
            status, detail, scim_type = _parts_of(error)
            if status == 500:
                _log_failure(type(self).__name__, error)
            return answer_error(status, detail, scim_type)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer a method that the address does not have."""
        answer = answer_error(405, _("This address does not answer that method."))
        answer.headers["Allow"] = ", ".join(
            name.upper() for name in self.http_method_names if hasattr(self, name)
        )
        return answer


class UnknownView(ScimView):
    """Every address of SCIM that there is not."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 404, to callers alone."""
        answer: Callable[..., HttpResponse] = lambda *_a, **_k: answer_error(  # noqa: E731
            404, _("There is nothing here.")
        )
        for method in self.http_method_names:
            setattr(self, method, answer)
        return super().dispatch(request, *args, **kwargs)


class NotDoneView(ScimView):
    """What SCIM leaves open and is not done here: searching by POST, many changes at once."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer 501."""
        return answer_error(501, _("This is not done here."))


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls. Raise ScimError without a token for the directory of an administrator."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    token = find_token(key.strip()) if scheme.lower() in ("bearer", "token") and key else None
    if token is None:
        raise ScimError(401, _("Log in first, or send a valid token."))
    if Area.SCIM not in token.areas:
        raise ScimError(403, _("This token is not for the directory."))
    if token.person.duty != User.Duty.ADMINISTRATOR:
        raise ScimError(403, _("The directory needs the token of an administrator."))
    if token.access == Access.READ and request.method not in READING:
        raise ScimError(403, _("This token may only read."))
    return Caller(token.person, token.public, plain_address(request), signs=signs_by_name)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request. Raise ScimError."""
    try:
        value = read_json(request.body)
    except ValueError as error:
        raise ScimError(400, _("The request could not be read."), "invalidSyntax") from error
    if not isinstance(value, dict):
        raise ScimError(400, _("The request could not be read."), "invalidSyntax")
    if "\\u0000" in json.dumps(value):
        raise ScimError(400, _("The request could not be read."), BAD_VALUE)
    return value


def answer(value: Any, *, status: int = 200, location: str = "") -> HttpResponse:
    """Return an answer with a SCIM object."""
    made = HttpResponse(json.dumps(value), status=status, content_type=MEDIA_TYPE)
    if location:
        made.headers["Location"] = location
    return made


def answer_error(status: int, detail: str, scim_type: str | None = None) -> HttpResponse:
    """Return an error in SCIM's shape."""
    error = Error(status=status, detail=detail, scim_type=scim_type)
    made = answer(error.model_dump(), status=status)
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="scim"'
    return unavailable(made) if status == 503 else made


def address_of(path: str) -> str:
    """Return the whole address of a place in SCIM."""
    return f"{settings.PUBLIC_URL}/scim/v2/{path}"


def _parts_of(error: Exception) -> tuple[int, str, str | None]:
    """Return status, sentence and SCIM's word of an error."""
    if isinstance(error, ScimError):
        return error.status, error.detail, error.scim_type
    if isinstance(error, BadOrganisationError):
        words = [f"{name}: {said}" if name else str(said) for name, said in error.problems.items()]
        return 400, " ".join(words), BAD_VALUE
    if isinstance(error, SCIMException) and not isinstance(error.__cause__, ValidationError):
        return error.status or 400, error.detail, error.scim_type
    wrong = error.__cause__ if isinstance(error, SCIMException) else error
    if isinstance(wrong, ValidationError):
        first = Error.from_validation_errors(wrong)[0]
        return first.status or 400, first.detail or "", first.scim_type
    for known, status, words_of_it, scim_type in KNOWN:
        if isinstance(error, known):
            return status, str(words_of_it or error), scim_type
    return 500, _("Something failed on our side. The office was told."), None


def _log_failure(view: str, error: Exception) -> None:
    """Log where it failed, without the error's own text, which may hold people's data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s\n%s", view, type(error).__name__, frames)
