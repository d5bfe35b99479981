"""The contract that somebody without an account has proven in this browser, for half an hour."""

from typing import Final

from django.http import HttpRequest

from eservices.contracts.models import Contract
from web.portal.space.session import PROVEN as KEY
from web.shared.session_ends import SessionEnd, note_session_shown
from web.shared.timed_facts import TimedFacts

SECONDS: Final = 30 * 60
_FACTS: Final = TimedFacts(KEY, SECONDS)


def begin(request: HttpRequest, contract: Contract) -> None:
    """Remember the contract."""
    _FACTS.keep(request, contract=contract.pk)


def contract_in(request: HttpRequest) -> Contract | None:
    """Return the contract, None where there is none or the time is over."""
    facts = _FACTS.read(request)
    if facts is None:
        return None
    note_session_shown(request, KEY)
    return Contract.objects.filter(pk=facts["contract"]).first()


def session_end(request: HttpRequest) -> SessionEnd | None:
    """Return what is open, and until when."""
    facts = _FACTS.read(request)
    return SessionEnd(f"contract:{facts['contract']}", facts["until"]) if facts else None


def end(request: HttpRequest) -> None:
    """Forget the contract."""
    _FACTS.forget(request)
