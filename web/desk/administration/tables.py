"""Lists of the organisation as CSV: exported, imported after a check of each line."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from channels.services import PARTNERS
from correspondence.forms.table import TEMPLATES
from correspondence.replies.circuits_table import CIRCUITS
from eservices.relations.teams import TEAMS
from figures.targets import TARGETS
from identity.people_table import PEOPLE
from org.departments_table import DEPARTMENTS
from org.letter_kinds import KINDS
from org.processing import PROCESSING
from org.retention import RETENTION
from org.tables import BadTableError, Report, Table, export_table, import_table, text_of
from registry.book.number_formats import NUMBER_FORMATS
from registry.book.registers import REGISTERS
from routing.assigning.lists_table import DISTRIBUTION
from routing.clocks.tables import CALENDAR, DEADLINES
from routing.rules.table import RULES
from web.desk.administration.places import PLACES
from web.shared.guard import StaffRequest, administers, form, page, redirect_after
from web.signin.confirmation import confirms

# The page on which each list stands is the one of its place (`places`) that names the table.
TABLES: Final[dict[str, tuple[Table, Any]]] = {
    table.name: (table, PLACES[place].title)
    for place, table in {
        "people": PEOPLE,
        "departments": DEPARTMENTS,
        "kinds": KINDS,
        "registers": REGISTERS,
        "number_formats": NUMBER_FORMATS,
        "rules": RULES,
        "circuits": CIRCUITS,
        "deadlines": DEADLINES,
        "calendar": CALENDAR,
        "distribution": DISTRIBUTION,
        "templates": TEMPLATES,
        "retention": RETENTION,
        "processing": PROCESSING,
        "partners": PARTNERS,
        "targets": TARGETS,
        "teams": TEAMS,
    }.items()
}
MOST_BYTES: Final = 2_000_000
SHOWN: Final = 500


@page(administers)
def export_rows(request: StaffRequest, name: str) -> HttpResponse:
    """Send the list as a CSV file."""
    table = _table(name)[0]
    answer = HttpResponse("\ufeff" + export_table(table), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return answer


@form(administers)
def import_rows(request: StaffRequest, name: str) -> HttpResponseBase:
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
        seen = request.POST.get("seen", "") if sure else ""
        report = import_table(table, text, actor=request.user, dry_run=not sure, seen=seen)
    except BadTableError as error:
        return _page(request, table, title, refusal=str(error), status=422)
    if report.kept:
        words = _("The table is kept: %(new)d new, %(changed)d changed.")
        said = {name: report.count(name) for name in ("new", "changed")}
        messages.success(request, words % said)
        return redirect_after(PLACES[table.name].url, request)
    status = 409 if report.stale else 200
    return _page(request, table, title, report=report, text=text, status=status)


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
    return text_of(bytes(upload.read()))


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
        "back": PLACES[table.name].url,
        "columns": table.columns,
        "report": report,
        "lines": sorted(lines, key=lambda line: line.outcome != "wrong")[:SHOWN],
        "counts": {name: report.count(name) for name in outcomes} if report else {},
        "text": text,
        "refusal": refusal,
    }
    return render(request, "web/administration/table.html", context, status=status)
