"""What the pages of citizens and of staff both show of a bill, and its files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from eservices.bills.bill_state import detail_of, state_of, state_words, used_of
from eservices.bills.consumption import MonthOfUse, unit_of, uses_until
from eservices.bills.drawing import as_pdf
from eservices.bills.models import Bill
from eservices.bills.statement import Statement
from eservices.bills.statement_paper import as_csv
from eservices.bills.statement_paper import as_pdf as statement_as_pdf
from figures.drawing import Chart, Row, columns
from org.written_days import date_format
from web.shared.files import download, stored

PDF = "application/pdf"


def line_of(bill: Bill) -> dict[str, Any]:
    """Return a bill for a list, with how it stands."""
    return {"bill": bill, "state": state_of(bill).value, "state_words": state_words(bill)}


def sheet_of(bill: Bill) -> dict[str, Any]:
    """Return all that the page of a bill shows."""
    uses = uses_until(bill)
    return {
        **line_of(bill),
        "contract": bill.contract,
        "detail": detail_of(bill),
        "used": used_of(bill),
        "unit": unit_of(bill),
        "uses": uses,
        "chart": chart_of(uses),
    }


def chart_of(uses: Sequence[MonthOfUse]) -> Chart | None:
    """Return the months beside those of the year before; None for fewer than two."""
    if len(uses) < 2:
        return None
    rows = [Row(date_format(one.period_to, "F Y"), one.year_before or 0, one.used) for one in uses]
    return columns(
        rows,
        ticks=[date_format(one.period_to, "N") for one in uses],
        names=(_("Year before"), _("Used"), ""),
        number=lambda value: f"{value:g}",
        rtl=get_language_bidi(),
    )


def pdf_of(bill: Bill) -> HttpResponseBase:
    """Return the bill's PDF: the one that came with it, else one that is drawn now."""
    name = f"{bill.number.replace('/', '-')}.pdf"
    if bill.pdf is not None:
        return stored(bill.pdf, PDF, name=name)
    return download(as_pdf(bill, language=_language()), PDF, name=name)


def xml_of(bill: Bill) -> HttpResponseBase:
    """Return the XML that came as the bill. Raise Http404 where none came."""
    if bill.xml is None:
        raise Http404
    return stored(bill.xml, "application/xml", name=f"{bill.number.replace('/', '-')}.xml")


def statement_pdf(found: Statement) -> HttpResponse:
    """Return a statement as PDF, drawn now."""
    return download(statement_as_pdf(found, language=_language()), PDF, name=_name(found, "pdf"))


def statement_csv(found: Statement) -> HttpResponse:
    """Return a statement as a table."""
    content = as_csv(found, language=_language())
    return download(content, "text/csv; charset=utf-8", name=_name(found, "csv"))


def statement_query(found: Statement) -> str:
    """Return what an address says of a statement: its contract and days."""
    told = {"contract": found.contract.number, "from": _iso(found.since), "to": _iso(found.until)}
    return urlencode({name: value for name, value in told.items() if value})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _name(found: Statement, ending: str) -> str:
    word = _("statement")
    return f"{word}-{found.contract.number}.{ending}".replace("/", "-")


def _language() -> str:
    return (get_language() or "fr")[:2]
