"""Delivery methods of a reply: which are offered, and what address each one needs."""

import re
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from correspondence.answers.addressees import To, first_email, recipients_of
from correspondence.models.dispatch import Dispatch, PostingList
from correspondence.models.replies import Reply
from language.lines import one_line
from language.numerals import ascii_digits
from routing.acting.errors import NotAllowedError

POSTED: Final = PostingList.WAYS
FOLLOWED: Final = (Dispatch.Method.PORTAL, Dispatch.Method.SMS)  # read on the citizen's page
_PHONE: Final = re.compile(r"\+?[0-9]{8,15}", re.ASCII)


def ways_offered() -> list[tuple[str, Any]]:
    """Return (method, label) of each method that this office has; SMS only with a gateway."""
    closed = {Dispatch.Method.SMS.value} if settings.SMS_URL == "none" else set()
    return [(code, label) for code, label in Dispatch.Method.choices if code not in closed]


def checked_address(reply: Reply, *, method: str, address: str) -> str:
    """Return the address for this method; its first addressee's own where nothing is given.

    It is an e-mail address, a postal address, a phone number, or who takes the letter ("" while
    nobody has). Raise NotAllowedError for a method that is not offered, or an address that cannot
    be one.
    """
    if reply.direction == Reply.Direction.INTERNAL:
        return ""  # through the inboxes of its departments
    if method not in {code for code, _label in ways_offered()}:
        raise NotAllowedError(_("Say how the reply leaves."))
    if reply.answers is None and method in FOLLOWED:
        raise NotAllowedError(_("A letter that answers nothing has no page of a citizen."))
    address = one_line(address, 400)
    to = next(iter(recipients_of(reply)), To())
    if method == Dispatch.Method.EMAIL:
        address = address or first_email(reply)
        try:
            validate_email(address)
        except ValidationError as error:
            raise NotAllowedError(_("Give a valid e-mail address.")) from error
    elif method in POSTED:
        address = address if _is_postal(address) else to.address
        if not address:
            raise NotAllowedError(_("Give the postal address."))
    elif method == Dispatch.Method.SMS:
        address = _phone(address) or _phone(to.phone)
        if not address:
            raise NotAllowedError(_("Give a valid phone number."))
    return address


def _is_postal(address: str) -> bool:
    """Return whether these words may be a postal address; an e-mail address from a form is none."""
    return bool(address) and "@" not in address


def _phone(text: str) -> str:
    """Return the number as gateways take it, in Western digits without blanks; "" if invalid."""
    plain = re.sub(r"[\s().-]", "", ascii_digits(text))
    return plain if _PHONE.fullmatch(plain) else ""
