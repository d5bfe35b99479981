"""Fetching bills: by contract, the customer's name masked."""

from django.http import HttpRequest, HttpResponse

from eservices.bank.fetching import fetch
from eservices.money import decimal
from web.biller.reading import body_of, identifiers_of
from web.biller.view import BillerView, answer


class FetchView(BillerView):
    """What may be paid for a contract."""

    call = right = "fetch"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the bills that may be paid now, the first due first."""
        found = fetch(identifiers_of(body_of(request)))
        self.outcome = found.status
        bills = [
            {
                "number": bill.number,
                "period": bill.period,
                "amount": decimal(bill.amount),
                "due_on": bill.due_on.isoformat() if bill.due_on else None,
            }
            for bill in found.bills
        ]
        return answer({"status": found.status, "customer": found.customer, "bills": bills})
