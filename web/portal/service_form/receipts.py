"""The receipt of a request by the link that a program got."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.models.receipts import Receipt
from web.shared.files import stored
from web.shared.receipt_links import letter_of_link


@require_safe
def receipt_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the receipt as PDF; until it is drawn, a page that says so."""
    letter = letter_of_link(token)
    if letter is None:
        raise Http404
    found = letter.receipts.select_related("file").filter(kind=Receipt.Kind.REGISTRATION).first()
    if found is None or found.file is None:
        return render(request, "portal/receipt_waits.html", {"letter": letter}, status=202)
    return stored(found.file, "application/pdf", name=f"{letter.number.replace('/', '-')}.pdf")
