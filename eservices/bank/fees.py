"""What a partner keeps of a posting, in whole centimes."""

from decimal import ROUND_HALF_UP, Decimal

from eservices.bank.models import BankPartner


def fee_of(partner: BankPartner, amount: int) -> int:
    """Return the fee of a posting: a fixed part, and a share of the amount, halves up."""
    share = Decimal(amount) * Decimal(partner.fee_rate) / 100
    return partner.fee_fixed + int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
