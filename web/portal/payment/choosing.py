"""What somebody chose to pay: bills by their numbers, of some a part alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bills.models import Bill
from eservices.money import AmountError, typed_centimes
from eservices.money_words import typed_form
from eservices.payments.posting import MOST_BILLS, Line
from language.reach import email_key

EMAIL: Final = "email"  # the field of the receipt, as problems name it


class ChoiceError(Exception):
    """A choice that cannot be, in words; `bill` is the one that it is about, "" for all."""

    def __init__(self, words: str, bill: str = "") -> None:
        super().__init__(words)
        self.bill = bill


@dataclass(slots=True)
class Chosen:
    """The numbers that are ticked, what is typed beside them, and what is wrong with it."""

    numbers: tuple[str, ...]
    amounts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    email: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Chosen":
        """Return what a form brings."""
        numbers = tuple(dict.fromkeys(request.POST.getlist("bill")))[:100]
        amounts = {n: request.POST.get(f"amount-{n}", "").strip()[:20] for n in numbers}
        return cls(numbers, amounts, email=request.POST.get("email", "").strip()[:254])

    def fill(self, amounts: Mapping[str, int]) -> None:
        """Write these amounts, in centimes, beside bills where nothing is typed."""
        for number, amount in amounts.items():
            self.amounts.setdefault(number, typed_form(amount))

    def lines(self, bills: Iterable[Bill]) -> list[Line]:
        """Return the lines of the payment. Raise ChoiceError."""
        known = {bill.number: bill for bill in bills}
        if not self.numbers:
            raise ChoiceError(_("Choose at least one bill."))
        if len(self.numbers) > MOST_BILLS:
            words = _("At most %(most)d bills are paid at once. Pay the others afterwards.")
            raise ChoiceError(words % {"most": MOST_BILLS})
        return [self._line(number, known.get(number)) for number in self.numbers]

    def receipt_to(self) -> str:
        """Return the address that the receipt is sent to, "" for none. Raise ChoiceError."""
        if self.email and not email_key(self.email):
            raise ChoiceError(_("Check the e-mail address."), EMAIL)
        return email_key(self.email)

    def lost(self, shown: Iterable[Bill]) -> bool:
        """Return whether a requested bill is not among those shown."""
        return bool(set(self.numbers) - {bill.number for bill in shown})

    def _line(self, number: str, bill: Bill | None) -> Line:
        if bill is None:
            raise ChoiceError(_("A bill that you chose can no longer be paid here."))
        typed = self.amounts.get(number, "")
        if not bill.partial or not typed:
            return Line(number, bill.remaining)
        try:
            return Line(number, typed_centimes(typed))
        except AmountError:
            raise ChoiceError(_("Write the amount as 128.40."), number) from None


@dataclass(frozen=True, slots=True)
class Row:
    """A bill on the page."""

    bill: Bill
    ticked: bool
    amount: str
    problem: str
    late: bool
    waits: str  # the order of a payment of it that is still at the bank


def asked_for(request: HttpRequest) -> Chosen:
    """Return the bills that the address names: they are ticked."""
    return Chosen(tuple(request.GET.getlist("bill"))[:100])


def rows(bills: Sequence[Bill], chosen: Chosen, waiting: Mapping[int, str]) -> list[Row]:
    """Return the bills with what was chosen; where nothing is and there is one, that one.

    `waiting`: orders that are still at the bank, by the bills that they would pay.
    """
    today = timezone.localdate()
    alone = len(bills) == 1 and not chosen.numbers and not waiting
    return [
        Row(
            bill=bill,
            ticked=bill.number in chosen.numbers or alone,
            amount=chosen.amounts.get(bill.number, ""),
            problem=chosen.problems.get(bill.number, ""),
            late=bill.due_on is not None and bill.due_on < today,
            waits=waiting.get(bill.pk, ""),
        )
        for bill in bills
    ]
