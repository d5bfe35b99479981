"""The statement of account as a table (CSV) and as a paper (PDF), drawn on request."""

import csv
import io
from typing import Final

from django.utils import timezone
from django.utils.translation import override

from eservices.bills.statement import Statement
from eservices.money import decimal
from registry.paper import bilingual_pdf
from registry.sheets.cells import defused

COLUMNS: Final = ("date", "movement", "reference", "bill", "amount", "balance")


def as_csv(statement: Statement, *, language: str) -> bytes:
    """Return the movements between a line of the opening and one of the balance."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    first, last = statement.since, statement.until
    table.writerow([first or "", "opening", "", "", "", decimal(statement.opening)])
    with override(language):
        for one in statement.movements:
            told = [one.on.isoformat(), str(one.words), one.reference, one.bill]
            table.writerow([*map(defused, told), decimal(one.amount), decimal(one.balance)])
    table.writerow([last or "", "balance", "", "", "", decimal(statement.balance)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_pdf(statement: Statement, *, language: str) -> bytes:
    """Return the statement as a tagged PDF in the requester's language."""
    today = timezone.localdate()
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "statement": statement,
        "contract": statement.contract,
        "today": today,
    }
    return bilingual_pdf("bills/statement.html", context, day=today, archive=True, tagged=True)
