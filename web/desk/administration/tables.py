"""Lists of the organisation as CSV: taken along, brought back after a look at each line."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.services import PARTNERS
from figures.targets import TARGETS
from identity.people_table import PEOPLE
from org.departments_table import DEPARTMENTS
from org.letter_kinds import KINDS
from org.tables import BadTableError, Report, Table, export_table, import_table
from registry.book.registers import REGISTERS
from web.desk.guard import StaffRequest, administers, form, page, redirect_after
from web.signin.confirmation import confirms

TABLES: Final[dict[str, tuple[Table, Any]]] = {
    "people": (PEOPLE, gettext_lazy("People")),
    "departments": (DEPARTMENTS, gettext_lazy("Departments")),
    "kinds": (KINDS, gettext_lazy("Kinds of letters")),
    "registers": (REGISTERS, gettext_lazy("Registers")),
    "partners": (PARTNERS, gettext_lazy("Partners")),
    "targets": (TARGETS, gettext_lazy("Targets")),
}
MOST_BYTES: Final = 2_000_000
SHOWN: Final = 500


@page(administers)
def take_along(request: StaffRequest, name: str) -> HttpResponse:
    """Send the list as a CSV file."""
    table = _table(name)[0]
    answer = HttpResponse("\ufeff" + export_table(table), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return answer


@form(administers)
def bring(request: StaffRequest, name: str) -> HttpResponseBase:
    """Show what each line of a table would do, and then do it: all lines or none.

    People and partners are changed only by who has just shown who they are, as on their own pages.
    """
    weighty = name in {"people", "partners"} and request.POST.get("sure")
    return (_bring_confirmed if weighty else _bring)(request, name=name)


def _bring(request: StaffRequest, name: str) -> HttpResponse:
    table, title = _table(name)
    if request.method != "POST":
        return _page(request, table, title)
    try:
        text = _text(request)
        sure = bool(request.POST.get("sure"))
        report = import_table(table, text, actor=request.user, dry_run=not sure)
    except BadTableError as error:
        return _page(request, table, title, refusal=str(error), status=422)
    if report.kept:
        words = _("The table is kept: %(new)d new, %(changed)d changed.")
        said = {name: report.count(name) for name in ("new", "changed")}
        messages.success(request, words % said)
        return redirect_after(reverse(f"desk:{table.name}"), request)
    return _page(request, table, title, report=report, text=text)


_bring_confirmed: Final = confirms()(_bring)


def _table(name: str) -> tuple[Table, Any]:
    if name not in TABLES:
        raise Http404
    return TABLES[name]


def _text(request: StaffRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", "")
    if (upload.size or 0) > MOST_BYTES:
        raise BadTableError(_("The table is too long."))
    try:
        return bytes(upload.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTableError(_("This file is not in UTF-8.")) from error


def _page(
    request: StaffRequest,
    table: Table,
    title: Any,
    *,
    report: Report | None = None,
    text: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = [line for line in report.lines if line.outcome != "same"] if report else []
    outcomes = ("new", "changed", "same", "wrong")
    context: dict[str, Any] = {
        "name": table.name,
        "title": title,
        "back": reverse(f"desk:{table.name}"),
        "columns": table.columns,
        "report": report,
        "lines": sorted(lines, key=lambda line: line.outcome != "wrong")[:SHOWN],
        "counts": {name: report.count(name) for name in outcomes} if report else {},
        "text": text,
        "refusal": refusal,
    }
    return render(request, "web/administration/table.html", context, status=status)
