"""Imports: what came, by page or command, with counts and refused lines; a new file by the page."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from eservices.contracts.import_words import words_of
from eservices.contracts.imports import headers, keep_for_import, kinds
from eservices.contracts.models import ImportRun
from eservices.contracts.rights import imports, sees_imports
from eservices.payments.bank_import import lines_of_file
from eservices.payments.rights import reads_accounts
from org.people import permissions_of
from registry.sheets.cells import defused
from web.desk.money.words import LINE_TAGS, line_words
from web.shared.files import CSV, disposition
from web.shared.guard import StaffRequest, page, upload_form
from web.shared.paging import page_of
from web.uploads import arrived, file_limit, take_uploads

ROWS: Final = 30
REFUSED: Final = 100


@page(sees_imports)
def listed(request: StaffRequest) -> HttpResponse:
    """Show what was imported, the newest first, and the form for a new file."""
    return _list(request)


def _list(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    kind = request.GET.get("kind", "")
    rows = ImportRun.objects.select_related("by")
    if kind in ImportRun.Kind.values:
        rows = rows.filter(kind=kind)
    cursor = request.GET.get("from", "")
    shown = page_of(rows, order=("-started_at", "-id"), cursor=cursor, limit=ROWS)
    context = {
        "rows": [(row, _why(row)) for row in shown.rows],
        "next": shown.next_cursor,
        "kind": kind,
        "all_kinds": ImportRun.Kind.choices,
        "kinds": kinds(),
        "headers": headers(),
        "chosen": request.POST.get("kind", kind),
        "only_look": bool(request.POST.get("dry_run")),
        "imports": imports(permissions_of(request.user)),
        "most": file_limit() // 1024**2,
        "problem": problem,
    }
    return render(request, "web/contracts/imports.html", context, status=status)


@csrf_exempt
@upload_form(imports)
def new(request: StaffRequest) -> HttpResponseBase:
    """Set how the file is read, then call the view that checks the CSRF token."""
    take_uploads(request)
    return _new(request)


@csrf_protect
def _new(request: StaffRequest) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("desk:imports")
    files, kind = arrived(request, "file"), request.POST.get("kind", "")
    if len(files) != 1 or kind not in dict(kinds()):
        return _list(request, problem=_("Choose a file and what it holds."), status=422)
    stream = files[0].stream
    if stream.seek(0, io.SEEK_END) > file_limit():
        words = _("The file is too large for this page. Have it imported by the command.")
        return _list(request, problem=words, status=422)
    stream.seek(0)
    dry_run = bool(request.POST.get("dry_run"))
    run = keep_for_import(kind, stream, files[0].name, by=request.user, dry_run=dry_run)
    answer = redirect("desk:import", run.pk)
    answer.status_code = 303
    return answer


@page(sees_imports)
def show(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show one import: its counts, and the lines that were refused or, of a bank's file, all."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=run_id)
    of_bank = run.kind == ImportRun.Kind.BANK and reads_accounts(permissions_of(request.user))
    lines = _bank_lines if of_bank else _refused_lines
    context = {"run": run, "why": _why(run), **lines(run, request.GET.get("from", ""))}
    return render(request, "web/contracts/import.html", context)


def _refused_lines(run: ImportRun, cursor: str) -> dict[str, Any]:
    rows = page_of(run.refusals.all(), order=("line", "id"), cursor=cursor, limit=REFUSED)
    told = [(one, words_of(one.code, one.data)) for one in rows.rows]
    return {"refused": told, "next": rows.next_cursor}


def _bank_lines(run: ImportRun, cursor: str) -> dict[str, Any]:
    """Return what became of each line of a bank's file."""
    lines = lines_of_file(run.sha256)
    shown = page_of(lines, order=("position", "id"), cursor=cursor, limit=REFUSED)
    rows = [(line, LINE_TAGS[line.state], line_words(line.why)) for line in shown.rows]
    return {"bank_lines": rows, "next": shown.next_cursor}


@page(sees_imports)
def refused(request: StaffRequest, run_id: UUID) -> HttpResponseBase:
    """Return the refused lines as a table, for whoever corrects the file."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Http404
    answer = StreamingHttpResponse(_table(run), content_type=CSV)
    answer.headers["Content-Disposition"] = disposition(f"refused-{run.kind}.csv")
    return answer


def _table(run: ImportRun) -> Iterator[str]:
    yield "\ufeffline;reason\r\n"
    for one in run.refusals.order_by("line", "id").iterator(chunk_size=2000):
        line = io.StringIO()
        csv.writer(line, delimiter=";").writerow([one.line, defused(words_of(one.code, one.data))])
        yield line.getvalue()


def _why(run: ImportRun) -> str:
    """Return why the whole file was refused, "" where it was not."""
    return words_of(run.problem, run.problem_data) if run.problem else ""
