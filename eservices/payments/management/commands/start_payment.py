"""`manage start_payment BILL[=AMOUNT]… [--language fr] [--json]`: what a browser would post."""

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from eservices.bills.models import Bill
from eservices.money import AmountError, centimes, decimal
from eservices.payments.attempts import begin, send
from eservices.payments.port import GatewayError
from eservices.payments.posting import Line, PostingError

REFUSED: Final = 2
_WORDS: Final = {
    "unknown_bill": "there is no such bill",
    "already_paid": "nothing remains to be paid",
    "wrong_amount": "it cannot be paid with this amount, or is named twice",
    "too_many_bills": "a payment is of 1 to 20 bills",
}


class Command(BaseCommand):
    """Begin an attempt to pay bills by card."""

    help = "Begin to pay bills by the gateway, and show the form that the browser would post."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the bills, each with a part of it where it allows that."""
        parser.add_argument("bills", nargs="+", metavar="BILL[=AMOUNT]")
        parser.add_argument("--language", default="fr", choices=["ar", "fr", "en"])
        parser.add_argument("--email", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"oid", "amount", "post_to", "fields"}; exit 2 where it cannot be begun."""
        try:
            lines = [_line(text) for text in options["bills"]]
            attempt = begin(lines, language=options["language"], email=options["email"])
            form = send(attempt)
        except PostingError as error:
            words = f"{error.bill or 'bills'}: {_WORDS[error.code]} ({error.code})"
            raise CommandError(words, returncode=REFUSED) from None
        except GatewayError as error:
            words = f"no payment by card: {error.code}; set PAYMENT_URL"
            raise CommandError(words, returncode=REFUSED) from None
        told = {
            "oid": attempt.oid,
            "amount": decimal(attempt.amount),
            "post_to": form.post_to,
            "fields": form.fields,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{told['oid']} {told['amount']} MAD -> {form.post_to}")
            for name, value in form.fields.items():
                self.stdout.write(f"  {name}={value}")


def _line(text: str) -> Line:
    number, equals, amount = text.rpartition("=")
    if not equals:
        bill = Bill.objects.filter(number=text).only("remaining").first()
        return Line(text, bill.remaining if bill else 0)
    try:
        return Line(number, centimes(amount))
    except AmountError:
        words = _("“%(value)s” is no amount, written like 128.40.") % {"value": amount}
        raise CommandError(words, returncode=REFUSED) from None
