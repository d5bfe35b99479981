"""Files of bills: those that came with them, else drawn now."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import get_language

from eservices.bills.drawing import as_pdf
from eservices.bills.models import Bill
from web.middleware import FILE_POLICY
from web.shared.files import disposition, stored

PDF = "application/pdf"


def pdf_of(bill: Bill) -> HttpResponseBase:
    """Return the bill's PDF: the one that came with it, else one that is drawn now."""
    name = f"{bill.number.replace('/', '-')}.pdf"
    if bill.pdf is not None:
        return stored(bill.pdf, PDF, name=name)
    return download(as_pdf(bill, language=(get_language() or "fr")[:2]), PDF, name=name)


def xml_of(bill: Bill) -> HttpResponseBase:
    """Return the XML that came as the bill. Raise Http404 where none came."""
    if bill.xml is None:
        raise Http404
    return stored(bill.xml, "application/xml", name=f"{bill.number.replace('/', '-')}.xml")


def download(content: bytes, media_type: str, *, name: str) -> HttpResponse:
    """Return a file that was made now, to be saved."""
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Content-Disposition"] = disposition(name)
    return answer
