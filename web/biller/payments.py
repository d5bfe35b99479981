"""Payments of partners: posted once by reference, shown, taken back the same day."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from eservices.bank.errors import BillerError
from eservices.bank.models import Posting
from eservices.bank.postings import post, posting_of, reverse
from web.biller.reading import body_of, order_of, reason_of, reference_of
from web.biller.view import BillerView, answer


class PaymentsView(BillerView):
    """Posting."""

    call = right = "pay"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Post a payment: 201, or 200 with the same answer where it was posted before."""
        row, created = post(self.partner, order_of(body_of(request)))
        self.outcome = "posted" if created else "repeated"
        return answer(_as_json(row), status=201 if created else 200)


class PaymentView(BillerView):
    """The state of a posting: how a time-out is answered."""

    call, right = "show", "pay"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return a posting of the partner's own."""
        row = posting_of(self.partner, _known(reference))
        if row is None:
            raise BillerError("not_found")
        self.outcome = row.state
        return answer(_as_json(row))


class ReverseView(BillerView):
    """Taking back."""

    call = right = "reverse"

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Take back a posting of today; again gives the same answer."""
        reason = reason_of(body_of(request))
        row = reverse(self.partner, _known(reference), reason=reason)
        self.outcome = row.state
        return answer(_as_json(row))


def _known(reference: str) -> str:
    """Return a reference of an address. Raise BillerError for what none can be."""
    try:
        return reference_of(reference)
    except BillerError as error:
        raise BillerError("not_found") from error


def _as_json(row: Posting) -> dict[str, Any]:
    return {"reference": row.reference, "status": row.state, "receipt": row.payment.receipt}
