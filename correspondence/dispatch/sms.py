"""Notification of the citizen by SMS that the answer is there: one POST to the gateway.

The message holds the letter's number and the address of the page, and nothing of the content.
"""

import http.client
import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.models.dispatch import Dispatch
from jobs.errors import JobError, Permanent, Unavailable
from language.numerals import ascii_digits
from org.bounded_answers import Deadline
from org.institution import office_name
from org.signs import set_apart
from org.tls import client_context

_SECONDS: Final = 10.0  # without a sign of the gateway
_WHOLE_SECONDS: Final = 30.0  # of a request and its answer
_MOST: Final = 65_536  # bytes of an answer that are looked at
_PASSING: Final = {408, 425, 429}
_NUMBER: Final = re.compile(r"\+?[0-9]{8,15}", re.ASCII)
# Not in the alphabet of a cheap message: one of them has it sent in parts of 70 characters.
_NO_BREAK: Final = str.maketrans("\u00a0\u202f", "  ")
_NAME: Final = re.compile(r"[\w.:/+-]{1,100}", re.ASCII)


def send_sms(dispatch: Dispatch, *, patient: bool) -> dict[str, Any]:
    """Give the message to the gateway; return its answer as the proof that it was accepted.

    The id of the dispatch goes along as Idempotency-Key, so that a message sent again after a
    break is sent once. Raise Permanent ("sms_refused", "sms_rubbish", "sms_given_up") and
    Unavailable ("sms_away", "sms_login", "no_sms_gateway"); no phone number in their words.
    """
    return send_text(
        to=dispatch.address,
        text=message_text(dispatch),
        reference=str(dispatch.pk),
        patient=patient,
    )


def sms_number(text: str) -> str:
    """Return a number as gateways take it, in Western digits without blanks; "" if it is none."""
    plain = re.sub(r"[\s().-]", "", ascii_digits(text))
    return plain if _NUMBER.fullmatch(plain) else ""


def send_text(*, to: str, text: str, reference: str, patient: bool) -> dict[str, Any]:
    """Give a text to the gateway, as `send_sms` does; the same `reference` is sent once."""
    number = sms_number(to)
    if not number:
        raise Permanent("sms_refused", "This is no phone number.")
    message = {"to": number, "text": text.translate(_NO_BREAK), "reference": reference}
    url = urlsplit(settings.SMS_URL)
    if url.scheme == "file":
        _to_file(unquote(url.path), message)
        raise Unavailable("no_sms_gateway", "No SMS gateway is set (SMS_URL).")
    try:
        status, answer = _post(url, message)
    except (OSError, http.client.HTTPException) as error:
        raise _later("sms_away", "The SMS gateway cannot be reached.", patient) from error
    return {**_judged(status, answer, patient=patient), "server": url.hostname or ""}


def message_text(dispatch: Dispatch) -> str:
    """Return the words of the SMS, in the language of the letter.

    The marks around the number cost an Arabic message two of the 67 signs of its parts; a French
    one has none, since they would double its parts.
    """
    with override(dispatch.letter.language or "fr"):
        words = _("%(office)s: your answer %(number)s is ready. Read it at %(address)s")
        return words % {
            "office": office_name(),
            "number": set_apart(dispatch.reply.home.number),
            "address": f"{settings.PUBLIC_URL}/follow/",
        }


def _post(url: SplitResult, message: dict[str, str]) -> tuple[int, bytes]:
    """Send one request; redirects are not followed."""
    secure = url.scheme == "https"
    made = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    told: dict[str, Any] = {"context": client_context()} if secure else {}
    headers = {"Content-Type": "application/json", "Idempotency-Key": message["reference"]}
    if settings.SMS_KEY:
        headers["Authorization"] = f"Bearer {settings.SMS_KEY}"
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    with Deadline(_WHOLE_SECONDS) as deadline:
        watched = deadline.watching(made)
        connection = watched(url.hostname or "", url.port, timeout=_SECONDS, **told)
        try:
            connection.request("POST", target, body=json.dumps(message).encode(), headers=headers)
            response = connection.getresponse()
            return response.status, response.read(_MOST)
        finally:
            connection.close()


def _judged(status: int, answer: bytes, *, patient: bool) -> dict[str, Any]:
    """Return the proof that a gateway's answer means, or raise the error."""
    if status in (401, 403):
        raise _later("sms_login", "The SMS gateway refuses the office's key.", patient)
    if status >= 500 or status in _PASSING:
        raise _later("sms_away", "The SMS gateway asked to try later.", patient)
    if not 200 <= status < 300:
        raise Permanent("sms_refused", f"The SMS gateway answered {status}.")
    try:
        told = json.loads(answer)
        name = str(told["id"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Permanent("sms_rubbish", "The gateway's answer names no message.") from error
    if not _NAME.fullmatch(name):
        raise Permanent("sms_rubbish", "The gateway's answer names no message.")
    return {"gateway_id": name, "status": status, "accepted_at": timezone.now().isoformat()}


def _later(code: str, words: str, patient: bool) -> JobError:
    return Unavailable(code, words) if patient else Permanent("sms_given_up", words)


def _to_file(folder: str, message: dict[str, str]) -> None:
    """Write what would be sent to a file for inspection; it proves nothing: nobody received it."""
    path = Path(folder) / f"{message['reference']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
