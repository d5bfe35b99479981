"""Showing that a contact is one's own: it is typed, gets a code, and the code is typed.

What is under way stands in the session of this browser, so that a code is good in no other.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from eservices.people import codes
from eservices.people.models import ContactPoint
from eservices.phone_words import phone_problem
from web import proof
from web.portal.forms import CitizenForm
from web.throttle import (
    CONTACT_BY_ADDRESS,
    CONTACT_TRIES,
    TooManyAttemptsError,
    contact_is_theirs,
    count_contact,
    count_from,
    wrong_code,
)

_KEY: Final = "portal.asked"
_PAGE_SECONDS: Final = 30 * 60  # its page outlives a code, to say that a new one can be had
_LONGEST_NEXT: Final = 2000  # characters of an address: what is longer is not kept in the session


class ContactForm(CitizenForm):
    """A contact to which a code is sent."""

    contact = forms.CharField(
        label=gettext_lazy("E-mail address or mobile number"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "email", "spellcheck": "false"}
        ),
    )

    def clean_contact(self) -> str:
        """Return the contact, if a code can reach it."""
        given = str(self.cleaned_data["contact"]).strip()
        way = codes.way_of(given)
        if not codes.key_of(way, given):
            raise ValidationError(_("This is no e-mail address and no telephone number."))
        if way == ContactPoint.Way.PHONE and (problem := phone_problem(given)):
            raise ValidationError(problem)
        if way == ContactPoint.Way.PHONE and not settings.SMS_URL:
            raise ValidationError(_("This office sends no SMS: give an e-mail address."))
        return given


class CodeForm(CitizenForm):
    """The code that came."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "dir": "ltr",
                "spellcheck": "false",
                "class": "space-code",
            }
        ),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A contact that got a code: `bound` is what the code is good for."""

    contact: str
    bound: str
    next: str

    @property
    def way(self) -> str:
        """E-mail or telephone."""
        return codes.way_of(self.contact)


def ask(request: HttpRequest, contact: str, *, purpose: str, go_on: str = "") -> None:
    """Send a code. Raise TooManyAttemptsError, which is the same whoever has the contact."""
    way = codes.way_of(contact)
    count_from(request, CONTACT_BY_ADDRESS)  # no proof pays for an SMS
    count_contact(request, codes.contact_hash(way, contact))
    bound = f"{purpose}:{secrets.token_urlsafe(16)}"
    try:
        codes.send_code(way=way, value=contact, bound=bound, language=get_language() or "fr")
    except codes.TooManyCodesError as error:
        raise TooManyAttemptsError(error.wait) from error
    request.session[_KEY] = {
        "contact": contact,
        "bound": bound,
        "next": go_on if len(go_on) <= _LONGEST_NEXT else "",
        "until": int(time.time()) + _PAGE_SECONDS,
    }


def asked(request: HttpRequest, *, purpose: str) -> Asked | None:
    """Return what is under way in this browser for this purpose."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if not isinstance(kept, dict) or kept["until"] < time.time():
        return None
    if kept["bound"].rpartition(":")[0] != purpose:
        return None
    return Asked(kept["contact"], kept["bound"], kept["next"])


def fits(request: HttpRequest, under_way: Asked, code: str) -> bool:
    """Return whether the code is the one that was sent. Raise TooManyAttemptsError."""
    proof.count_from(request, CONTACT_TRIES)
    used = codes.use_code(code, way=under_way.way, value=under_way.contact, bound=under_way.bound)
    if used:
        forget(request)
        contact_is_theirs(request, codes.contact_hash(under_way.way, under_way.contact))
    else:
        wrong_code(request, "contact")
    return used


def forget(request: HttpRequest) -> None:
    """Forget what is under way."""
    request.session.pop(_KEY, None)
