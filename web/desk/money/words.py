"""Words for staff about money: why something is refused, why a credit waits, what was done."""

from django.utils.translation import gettext as _

from eservices.payments.posting import PostingError

REFUND_TAGS = {
    "asked": "warn", "approved": "info", "refused": "bad", "paid": "ok", "reversed": "",
}  # fmt: skip
LINE_TAGS = {
    "matched": "ok", "proposed": "info", "unmatched": "warn", "aside": "", "returned": "bad",
    "taken_back": "ok",
}  # fmt: skip
DEBIT_TAGS = {"sent": "info", "paid": "ok", "returned": "bad"}


def posting_words(error: PostingError) -> str:
    """Return why bills are not paid so, with the number of the bill."""
    words = {
        "unknown_bill": _("There is no bill %(bill)s."),
        "already_paid": _("Nothing remains to be paid of bill %(bill)s."),
        "wrong_amount": _("The amount for bill %(bill)s is not what it takes."),
        "too_many_bills": _("Choose 1 to 20 bills."),
    }[error.code]
    return words % {"bill": error.bill} if "%(bill)s" in words else words


def cashier_words(code: str) -> str:
    """Return why something cannot be done at the counter."""
    return {
        "opening": _("Type what is in the drawer, 0 or more."),
        "open_already": _("Your day is open already."),
        "channel": _("Choose how it is paid."),
        "cheque_number": _("Type the number of the cheque."),
        "tendered": _("What was handed over is less than the sum."),
        "no_day": _("Open your day first."),
        "counted": _("Type what you counted, 0 or more."),
        "remark": _("There is a difference: say what you know of it, then close again."),
        "reason": _("Say why the cashier does not close the day."),
        "closed_already": _("The day is closed already."),
        "amount": _("Type the amounts as in 128.40."),
        "two_counts": _("The notes and coins make another sum than the one typed."),
    }[code]


def refund_words(code: str) -> str:
    """Return why a refund cannot be."""
    return {
        "amount": _("The amount must be above 0 and no more than may still go back."),
        "reason": _("Say why the money goes back."),
        "bank_reason": _("Say what the bank says of it."),
        "way": _("The money cannot go back this way."),
        "account": _("The account must be a RIB: 24 digits with the right key."),
        "remark": _("Say why it is refused."),
        "four_eyes": _("Whoever asked for a refund does not decide on it."),
        "reference": _("Type the number of the transfer or cheque."),
        "no_day": _("Cash goes out of your own drawer: open your day first."),
        "drawer": _("There is not so much cash in your drawer."),
        "gone": _("This money has gone back already."),
        "part_of_unmatched": _("Only a part went back: set the credit against its bills first."),
        "refund_there": _("A refund of this payment is asked for or paid: see to that first."),
        "lost": _(
            "The gateway was asked, and its answer was lost. See at the bank whether the money "
            "went, pay it back there if not, and type the bank’s number of it."
        ),
        "gateway": _("The gateway did not pay back. Nothing was changed; try again later."),
    }[code]


def debit_words(code: str) -> str:
    """Return why something cannot be done about direct debits."""
    return {
        "account": _("The account must be a RIB: 24 digits with the right key."),
        "holder": _("Type whose account it is."),
        "signed_on": _("The mandate cannot be signed in the future."),
        "mandate_there": _("This contract has a mandate already."),
        "collect_on": _("The day of collection must be in the future."),
        "creditor": _("The office’s own account is not set (BANK_ACCOUNT)."),
        "nothing": _("Nothing is due by direct debit until this day."),
        "contract": _("There is no contract with this number."),
    }[code]


def line_words(why: str) -> str:
    """Return why a credit waits, or how it was matched."""
    return {
        "currency": _("another currency"),
        "reversal": _("an entry that the bank took back"),
        "amount": _("no amount"),
        "short": _("less than the bills that it names"),
        "excess": _("more than the bills that it names"),
        "paid": _("nothing remains to be paid of the bills that it names"),
        "unknown": _("no reference that we know"),
        "proposed": _("no bill is named"),
        "again": _("the bill changed at the same moment"),
        "reference": _("by reference"),
        "text": _("by a number in the text"),
        "part": _("part payment"),
        "debit": _("direct debit"),
        "person": _("by hand"),
        "detailed": _("known by its parts"),
        "settlement": _("settlement of a bank"),
        "returned": _("the bank took this credit back"),
        "returned_batch": _("the bank took a whole batch of credits back"),
        "returned_part": _("the bank took a part of this credit back"),
        "returned_alike": _("the bank took a credit back: by what is alike, this one"),
        "returned_unmatched": _("the bank took back a credit that paid no bill"),
        "returned_unknown": _("the bank took back a credit that is not known here"),
    }.get(why, why)


def proposal_words(why: str) -> str:
    """Return why a proposal is made."""
    return {
        "one": _("one of the bills, of this amount"),
        "refund": _("Keep it as paid too much, to be paid back"),
        "short": _("as far as it goes"),
        "excess": _("the whole bill; the rest waits for a refund"),
        "again": _("the same once more"),
        "contract": _("oldest bills of the contract"),
        "contract_amount": _("a bill of the contract, of this amount"),
        "contract_sum": _("bills of the contract that make this sum"),
        "account": _("oldest bills of who paid from this account before"),
        "account_amount": _("of this amount, of who paid from this account before"),
        "account_sum": _("make this sum, of who paid from this account before"),
        "name_amount": _("of this amount, of a customer of this name"),
        "name_sum": _("make this sum, of a customer of this name"),
    }.get(why, why)


def step_words(kind: str) -> str:
    """Return a step of the journal in words."""
    return {
        "payment_posted": _("Posted"),
        "payment_taken_back": _("Paid back"),
        "payment_unpaid": _("Not paid by the bank"),
        "attempt_seen_at_bank": _("The money was seen at the bank"),
        "attempt_voided": _("Voided by the bank"),
        "attempt_taken_after_all": _("Taken by the bank although it was voided"),
        "refund_asked": _("Refund asked for"),
        "refund_approved": _("Refund approved"),
        "refund_refused": _("Refund refused"),
        "refund_sent": _("Gateway asked to pay back"),
        "refund_not_sent": _("Not paid back by the gateway"),
    }.get(kind, kind)
