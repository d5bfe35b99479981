"""The demo's bank: a partner of the biller API, and two payments where bills are due."""

from typing import Final

from django.utils import timezone

from eservices.bank.models import BankPartner
from eservices.bank.partners import add_partner
from eservices.bank.postings import Order, post, reverse
from eservices.bills.models import Bill

CODE: Final = "ATLAS"
_AGREED: Final = {"name": "Banque Atlas (démo)", "fee_fixed": "1.50", "fee_rate": "0.75"}
_PAID: Final = 2  # of which the last is taken back


def add_bank() -> None:
    """Add the bank with its payments; nothing where it is there already."""
    if BankPartner.objects.filter(code=CODE).exists():
        return
    bank, _secret = add_partner(CODE, _AGREED, by=None)
    now = timezone.now()
    due = Bill.objects.filter(remaining__gt=0, kind=Bill.Kind.INVOICE).order_by("pk")[:_PAID]
    for place, bill in enumerate(due, start=1):
        reference = f"ATLAS-{now:%Y%m%d}-{place}"
        lines = [(bill.number, bill.remaining)]
        post(bank, Order(reference, lines, "mobile", now, body_hash=reference))
        if place == _PAID:
            reverse(bank, reference, reason="Double saisie du client")
