"""Answers that carry a file of the vault, for every kind of page."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from registry.files.names import fitting_name
from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from web.middleware import FILE_POLICY
from web.ranges import WholeOrPart

CSV = "text/csv; charset=utf-8"
# Types shown in place. PDFs are shown as pictures of their pages: the browser refuses them under a
# sandbox policy, and without it a hostile file would run with our origin.
SHOWN = frozenset({"image/png", "image/jpeg", "image/webp"})


def stored(
    file: StoredFile, media_type: str, *, name: str, inline: bool = False, mark: str = ""
) -> FileResponse:
    """Stream a file of the vault; raise a plain Http404 where the vault is unavailable.

    Its name has the extension of its type, and says a `mark` (macros, scripts) first.
    """
    try:
        stream = get_vault().open(file.sha256)
    except VaultError as error:
        raise Http404 from error
    answer = WholeOrPart(
        stream,
        size=file.size,
        tag=file.sha256,
        again=lambda start: get_vault().open(file.sha256, start),
        content_type=_safe_type(media_type),
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    fitting = fitting_name(name, media_type)
    answer.headers["Content-Disposition"] = disposition(warned(fitting, mark), inline=inline)
    return answer


def warned(name: str, mark: str) -> str:
    """Return the name, which says first what would run where a marked file is opened."""
    words = {"macros": _("MACROS"), "scripts": _("SCRIPTS")}.get(mark)
    return f"{words} – {name}" if words else name


def download(content: bytes, media_type: str, *, name: str) -> HttpResponse:
    """Return a file that was made now, to be saved."""
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str) -> HttpResponse:
    """Return a CSV that spreadsheets open as Unicode; its untrusted cells are defused already."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return download(f"\ufeff{out.getvalue()}".encode(), CSV, name=name)


def page_picture(request: HttpRequest, path: Path) -> HttpResponseBase:
    """Serve the picture of a page; the browser keeps it, and revalidates it each time.

    So the bytes come once, and nothing is shown after log-out. Raise FileNotFoundError.
    """
    facts = path.stat()
    tag = quote_etag(f"{facts.st_mtime_ns:x}-{facts.st_size:x}")
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = FileResponse(path.open("rb"), content_type="image/webp")
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _safe_type(media_type: str) -> str:
    return "text/plain; charset=utf-8" if media_type.startswith("text/") else media_type


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the Content-Disposition header for a file to save, or to show in place."""
    from django.utils.http import content_disposition_header

    try:
        plain = get_valid_filename(name.replace("/", "_"))
    except SuspiciousFileOperation:  # only punctuation is left of it
        plain = "document"
    return content_disposition_header(as_attachment=not inline, filename=plain) or "attachment"


def receipt_of(letter: Letter) -> Receipt | None:
    """Return the registration receipt with both of its copies."""
    receipts = letter.receipts.select_related("file", "office_file")
    return receipts.filter(kind=Receipt.Kind.REGISTRATION).first()
