"""Receipts as PDF: drawn on the first request, and kept as they were drawn."""

import io

from django.utils import timezone, translation

from eservices.bills.models import Allocation
from eservices.payments.models import Payment
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.files import StoredFile
from registry.paper import bilingual_pdf


def receipt_file(payment: Payment) -> StoredFile:
    """Return the file of a payment's receipt, drawn now where there is none."""
    if payment.receipt_file is not None:
        return payment.receipt_file
    file = stored_row(store(io.BytesIO(drawn(payment))), media_type="application/pdf")
    if not Payment.objects.filter(pk=payment.pk, receipt_file=None).update(receipt_file=file):
        payment.refresh_from_db(fields=["receipt_file"])  # another process was quicker
        return payment.receipt_file or file
    payment.receipt_file = file
    return file


def file_name(payment: Payment) -> str:
    """Return a descriptive name for the file."""
    return f"{payment.receipt.replace('/', '-')}.pdf"


def drawn(payment: Payment) -> bytes:
    """Return the receipt as a tagged PDF/A in the payer's language."""
    rows = Allocation.objects.filter(receipt=payment.receipt, amount__gt=0)
    made = timezone.localtime(payment.posted_at)
    with translation.override(payment.language):
        channel = payment.get_channel_display()
    context = {
        "language": payment.language,
        "direction": "rtl" if payment.language == "ar" else "ltr",
        "payment": payment,
        "channel": channel,
        "lines": list(rows.select_related("bill__contract").order_by("pk")),
        "loose": payment.amount - payment.allocated,
        "made": made,
        "paid": timezone.localtime(payment.paid_at),
    }
    return bilingual_pdf(
        "payments/receipt.html", context, day=made.date(), archive=True, tagged=True
    )
