"""What rooms above have done when money came or went, in the transaction of the payment."""

from collections.abc import Callable
from typing import Final

from eservices.payments.models import Payment, Refund

_CAME: Final[list[Callable[[Payment], None]]] = []
_WENT: Final[list[Callable[[Refund], None]]] = []


def after_payment(call: Callable[[Payment], None]) -> None:
    """Have something done with each payment."""
    if call not in _CAME:
        _CAME.append(call)


def after_refund(call: Callable[[Refund], None]) -> None:
    """Have something done with each refund that is paid out, and each payment taken back."""
    if call not in _WENT:
        _WENT.append(call)


def money_came(payment: Payment) -> None:
    """Do what follows from a payment."""
    for call in _CAME:
        call(payment)


def money_went(refund: Refund) -> None:
    """Do what follows from money that went back."""
    for call in _WENT:
        call(refund)
