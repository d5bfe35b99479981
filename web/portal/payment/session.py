"""What a browser may pay and has paid without an account, kept in its session for a time."""

import time
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest

from eservices.contracts.models import Contract
from eservices.payments.models import Attempt
from web.portal.space.session import PAYING
from web.shared.session_ends import SessionEnd, digest, note_session_shown
from web.shared.sessions import lengthen, renew_key
from web.shared.timed_facts import ends_in

CONTRACTS, ATTEMPTS = PAYING
SECONDS: Final = 30 * 60  # a contract whose code was given
SHOWN: Final = 60 * 60  # an attempt: the bank's own page stays open for half of it
MOST: Final = 20  # attempts that a session remembers


def grant(request: HttpRequest, contract: Contract) -> None:
    """Let this browser pay the bills of a contract for half an hour: its code was given."""
    renew_key(request)
    _keep(request, CONTRACTS, {**_open(request, CONTRACTS), str(contract.pk): ends_in(SECONDS)})


def granted(request: HttpRequest) -> list[str]:
    """Return the ids of the contracts that this browser may pay for."""
    return list(_open(request, CONTRACTS))


def remember(request: HttpRequest, attempt: Attempt) -> None:
    """Keep that this browser began an attempt: its state and receipt are shown here for an hour."""
    newest = dict(list(_open(request, ATTEMPTS).items())[-(MOST - 1) :])
    _keep(request, ATTEMPTS, {**newest, attempt.oid: ends_in(SHOWN)})


def begun(request: HttpRequest) -> list[str]:
    """Return the orders of the attempts that this browser began."""
    return list(_open(request, ATTEMPTS))


def note_contracts(request: HttpRequest, contracts: Iterable[Any]) -> None:
    """Note that the page shows bills of these contracts, as far as their codes were given here."""
    for contract in _open(request, CONTRACTS).keys() & {str(pk) for pk in contracts}:
        note_session_shown(request, _kind(CONTRACTS, contract))


def note_attempt(request: HttpRequest, attempt: Attempt) -> None:
    """Note that the page shows an attempt that this browser began."""
    note_session_shown(request, _kind(ATTEMPTS, attempt.oid))


def session_ends(request: HttpRequest) -> dict[str, SessionEnd]:
    """Return what is open, each thing by its kind, and until when."""
    return {
        _kind(name, one): SessionEnd(f"{name}:{one}", until)
        for name in PAYING
        for one, until in _open(request, name).items()
    }


def _kind(name: str, one: str) -> str:
    return f"{name}.{digest(one)}"


def _open(request: HttpRequest, name: str) -> dict[str, int]:
    held = request.session.get(name)
    now = time.time()
    held = held if isinstance(held, dict) else {}
    return {one: until for one, until in held.items() if until > now}


def _keep(request: HttpRequest, name: str, held: dict[str, int]) -> None:
    request.session[name] = held
    lengthen(request, SHOWN)
