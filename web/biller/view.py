"""The base of the biller API: who signed, how often, with which right; every error in one shape.

{"code", "message"} and, where it is known, "bill" or "field". `code` is stable and for programs.
"""

import json
import logging
import time
import traceback
from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from eservices.bank.counting import count_call
from eservices.bank.errors import BillerError
from eservices.bank.keys import note_use
from eservices.bank.models import BankPartner, PartnerSecret
from eservices.bank.signing import Signed, signer_of
from web.header_checks import accept_body, announced_length, checked_by
from web.retry_later import braked, unavailable
from web.throttle import Limit, TooManyAttemptsError, count_attempt

log = logging.getLogger(__name__)
MOST_BYTES: Final = 65_536
UNSIGNED: Final = "unauthorized"
# In one language: the body of a refusal tells nobody anything about who asked.
WORDS: Final[dict[str, str]] = {
    UNSIGNED: "The call is not signed by a partner, or its time is more than 300 s off.",
    "malformed": "The body or address could not be read.",
    "unknown_identifier": "Bills are found by the identifier \u201ccontract\u201d.",
    "not_allowed": "This partner has no right to this.",
    "over_limit": "The payment is above this partner's limit.",
    "not_found": "There is nothing here.",
    "method_not_allowed": "This address does not answer that method.",
    "reference_used": "This reference was used for another payment.",
    "too_late": "A payment is taken back the same day only.",
    "not_reversible": "This payment is being paid back by the biller.",
    "too_large": "The body is larger than is read here.",
    "unknown_bill": "There is no such bill.",
    "already_paid": "Nothing remains to be paid of this bill.",
    "wrong_amount": "The amount is not what remains to be paid.",
    "wrong_date": "The payment is dated in the future, or before its bill was there.",
    "too_many_bills": "A payment is for 4 bills at most.",
    "too_many_calls": "More calls than were agreed. Wait a little.",
    "server_error": "Something failed on our side. Ask for the state of the payment.",
    "unavailable": "Not available now. Try again, or ask for the state of the payment.",
}


@method_decorator(csrf_exempt, name="dispatch")
class BillerView(View):
    """Base view. `call` is how its calls are counted, `right` what a partner needs for them."""

    call: ClassVar[str] = ""
    right: ClassVar[str] = ""
    http_method_names = ["get", "post"]
    partner: BankPartner
    outcome: str = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Return the view, which is asked before the server reads a large body."""
        return checked_by(_check_headers)(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the view's answer to a signed call; else why there is none."""
        if announced_length(request) > MOST_BYTES:
            return refusal("too_large", 413)
        began = time.monotonic()
        try:
            secret = signer_of(signed(request))
        except OperationalError as error:
            _log_failure(type(self).__name__, error)
            return refusal("unavailable", 503)
        if secret is None:
            self.outcome = UNSIGNED
            answer: HttpResponseBase = refusal(UNSIGNED, 401)
            code = ""
        else:
            self.partner, code = secret.partner, secret.partner.code
            answer = self._answer(request, secret, *args, **kwargs)
        spent = int((time.monotonic() - began) * 1000)
        count_call(code, self.call, self.outcome, milliseconds=spent)
        return answer

    def _answer(
        self, request: HttpRequest, secret: PartnerSecret, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            note_use(secret)
            self._brake()
            if self.right and self.right not in self.partner.rights:
                raise BillerError("not_allowed")
            return super().dispatch(request, *args, **kwargs)
        except TooManyAttemptsError as error:
            return braked(self._refused("too_many_calls", 429), error)
        except BillerError as error:
            about = {"bill": error.bill, "field": error.field}
            return self._refused(error.code, error.status, **about)
        except OperationalError as error:
            _log_failure(type(self).__name__, error)
            return self._refused("unavailable", 503)
        except Exception as error:
            _log_failure(type(self).__name__, error)
            return self._refused("server_error", 500)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Answer a method that the address does not have."""
        answer = self._refused("method_not_allowed", 405)
        known = (name for name in self.http_method_names if hasattr(self, name))
        answer.headers["Allow"] = ", ".join(name.upper() for name in known)
        return answer

    def _refused(self, code: str, status: int, **about: str) -> HttpResponse:
        self.outcome = code
        return refusal(code, status, **about)

    def _brake(self) -> None:
        """Count the call. Raise TooManyAttemptsError above what was agreed for a minute."""
        most = self.partner.calls_a_minute
        if most:
            count_attempt(Limit("biller.partner", most, 60), self.partner.code)


class UnknownView(BillerView):
    """Every address of the biller API that there is not: 404, to partners alone."""

    call = "other"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raise BillerError."""
        raise BillerError("not_found")

    post = get


def _check_headers(request: HttpRequest) -> HttpResponseBase:
    if announced_length(request) > MOST_BYTES:
        return refusal("too_large", 413)
    return accept_body(most=MOST_BYTES)


def signed(request: HttpRequest) -> Signed:
    """Return what a call says of who signed it; the body was bounded before."""
    headers = request.headers
    return Signed(
        partner=headers.get("X-Biller-Partner", ""),
        timestamp=headers.get("X-Biller-Timestamp", ""),
        signature=headers.get("X-Biller-Signature", ""),
        method=request.method or "",
        path=_path_of(request),
        body=request.body,
    )


def _path_of(request: HttpRequest) -> str:
    """Return path and query as they were sent, where the server tells them."""
    sent = str(request.META.get("REQUEST_URI") or request.META.get("RAW_URI") or "")
    if not sent.startswith("/"):
        return request.get_full_path()
    return sent


def answer(told: Any, *, status: int = 200) -> HttpResponse:
    """Return an answer as JSON."""
    body = json.dumps(told, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type="application/json")


def refusal(code: str, status: int, **about: str) -> HttpResponse:
    """Return an error in the one shape."""
    named = {name: value for name, value in about.items() if value}
    told = answer({"code": code, "message": WORDS[code], **named}, status=status)
    return unavailable(told) if status == 503 else told


def _log_failure(name: str, error: Exception) -> None:
    """Log where it failed, without the error's own text, which may hold people's data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s\n%s", name, type(error).__name__, frames)
