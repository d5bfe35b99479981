"""The contract that somebody without an account has proven in this browser, for half an hour."""

import time
from typing import Final

from django.http import HttpRequest

from eservices.contracts.models import Contract
from web.portal.space.session import PROVEN as KEY
from web.shared.session_ends import SessionEnd, note_session_shown
from web.shared.sessions import lengthen, renew_key

SECONDS: Final = 30 * 60


def begin(request: HttpRequest, contract: Contract) -> None:
    """Remember the contract."""
    renew_key(request)
    request.session[KEY] = {"contract": contract.pk, "until": int(time.time()) + SECONDS}
    lengthen(request, SECONDS)


def contract_in(request: HttpRequest) -> Contract | None:
    """Return the contract, None where there is none or the time is over."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept["until"] < time.time():
        request.session.pop(KEY, None)
        return None
    note_session_shown(request, KEY)
    return Contract.objects.filter(pk=kept["contract"]).first()


def session_end(request: HttpRequest) -> SessionEnd | None:
    """Return what is open, and until when."""
    kept = request.session.get(KEY)
    return SessionEnd(f"contract:{kept['contract']}", kept["until"]) if kept else None


def end(request: HttpRequest) -> None:
    """Forget the contract."""
    request.session.pop(KEY, None)
