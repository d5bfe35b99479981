"""The demo's digital agency: a bill that waits for payment, a statement that waits for staff."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from eservices.bills.models import Bill
from eservices.catalogue.publishing import published
from eservices.money import decimal
from eservices.requests.opening import OpeningData, open_request
from registry.deposit_keys import stored_key
from registry.intake import PartyData
from registry.models.letters import Channel, Letter

_ASKER: Final = "Samira Lahlou"
_PHONE: Final = "0663 11 22 33"


def ask_agency(*, say: Callable[[str], None]) -> None:
    """Request the payment of the oldest open bill, and the statement of its contract.

    Harmless to repeat; nothing is done where the demo has no open bill of a contract.
    """
    open_ones = Bill.objects.filter(remaining__gt=0, kind=Bill.Kind.INVOICE, contract__isnull=False)
    bill = open_ones.select_related("contract").order_by("due_on", "pk").first()
    if bill is None or bill.contract is None:
        return
    today, number = timezone.localdate(), bill.contract.number
    since = (today - timedelta(days=365)).isoformat()
    account = {"contract": number, "holder": _ASKER, "from": since, "to": today.isoformat()}
    paying = {"contract": number, "bill_number": bill.number, "way": "card"}
    paying |= {"amount": decimal(bill.remaining)}
    _ask("pay_bill", "ar", paying, say=say)
    _ask("statement", "fr", account, say=say)


def _ask(
    code: str, language: str, answers: Mapping[str, Any], *, say: Callable[[str], None]
) -> None:
    service, key = published(code), f"demo:agency:{code}"
    if service is None or _is_there(key):
        return
    opened = open_request(
        OpeningData(
            service.version,
            answers=answers,
            language=language,
            channel=Channel.PORTAL,
            contact=PartyData("sender", name=_ASKER, phone=_PHONE),
        ),
        deposit_key=key,
    )
    say(f"{opened.request.letter.number}  request opened: {code}")


def _is_there(key: str) -> bool:
    """Return whether the request was opened by an earlier run: its bill may be another today."""
    return Letter.objects.filter(deposit_key=stored_key(None, f"request:{key}")).exists()
