"""Words for citizens: why a payment cannot be begun, and how an attempt stands."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from eservices.payments.models import Attempt
from eservices.payments.posting import MOST_BILLS, PostingError


@dataclass(frozen=True, slots=True)
class Words:
    """A heading and a sentence, with the tone in which they are shown."""

    title: str
    text: str
    tone: str
    icon: str


def refusal_words(error: PostingError) -> str:
    """Return why these bills cannot be paid so."""
    return {
        "unknown_bill": _("A bill that you chose can no longer be paid here."),
        "already_paid": _("Nothing remains to be paid of this bill."),
        "wrong_amount": _("The amount must be above 0 and no more than what remains."),
        "too_many_bills": _("At most %(most)d bills are paid at once. Pay the others afterwards.")
        % {"most": MOST_BILLS},
    }[error.code]


def state_words(attempt: Attempt) -> Words:
    """Return how an attempt stands."""
    state = Attempt.State
    told = {state.PAID: _paid, state.REFUSED: _refused, state.EXPIRED: _expired}
    return {**told, state.UNKNOWN: _unknown}.get(state(attempt.state), _waits)()


def _paid() -> Words:
    return Words(
        _("Your payment has arrived"),
        _("Thank you. The receipt below is your proof of payment."),
        "success",
        "check",
    )


def _refused() -> Words:
    return Words(
        _("The bank did not accept the payment"),
        _("Nothing was charged. Try again, with another card if need be, or ask your bank."),
        "error",
        "cross",
    )


def _expired() -> Words:
    text = _(
        "The bank told us of no payment. If your account was charged all the same, the "
        "bank’s word still reaches us, and your bill is settled then."
    )
    return Words(_("This payment was not completed"), text, "error", "clock")


def _unknown() -> Words:
    text = _(
        "Please do not pay a second time. This page shows the result as soon as the bank answers."
    )
    return Words(_("We are clarifying this payment with the bank"), text, "", "clock")


def _waits() -> Words:
    return Words(
        _("We are waiting for the bank’s confirmation"),
        _("This takes a few seconds as a rule. Please do not pay a second time."),
        "",
        "clock",
    )
