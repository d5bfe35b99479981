"""A section of a service is edited in rows of inputs; what is kept is a new version, a draft."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from eservices.catalogue.definition import BadServiceTypeError
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import keep_version
from registry.states import ConflictError
from web.desk.services.drafts import after_keeping
from web.desk.services.filling import Sheet, Typed, take
from web.desk.services.found import definition_or_none, place_of, service_or_404, version_or_404
from web.desk.services.specs import SECTIONS
from web.shared.guard import StaffRequest, administers, form


@form(administers)
def edit(request: StaffRequest, code: str, section: str) -> HttpResponse:
    """Show a section of the newest version, add a row to it, or keep what was typed."""
    row = service_or_404(code)
    if section not in SECTIONS:
        raise Http404
    if request.method != "POST":
        version = version_or_404(row)
        return _page(request, version, section, Sheet(SECTIONS[section], version.content))
    version = version_or_404(row, seen_in(request))
    if add := request.POST.get("add", ""):
        sheet = Sheet(SECTIONS[section], version.content, request.POST, add=add)
        return _page(request, version, section, sheet)
    typed = take(SECTIONS[section], version.content, request.POST)
    sheet = Sheet(SECTIONS[section], version.content, request.POST)
    try:
        return _keep(request, version, typed)
    except BadServiceTypeError as error:
        problems = [
            (place_of(problem), problem.words, _anchor(problem.path, typed))
            for problem in error.problems
        ]
        return _page(request, version, section, sheet, problems=problems, status=422)
    except ConflictError:
        return _page(request, version, section, sheet, faster=True, status=409)


def seen_in(request: StaffRequest) -> int:
    """Return the number of the version that a form began with, 0 where it says none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0


def _keep(request: StaffRequest, version: ServiceTypeVersion, typed: Typed) -> HttpResponse:
    note = request.POST.get("note", "")
    kept = keep_version(typed.content, actor=request.user, note=note, seen=version.version)
    return after_keeping(request, kept, before=version.version)


def _anchor(path: str, typed: Typed) -> str:
    """Return the name of the row or the input that a problem is about, "" for the whole."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        beginning = ".".join(parts[:length])
        if beginning in typed.names:
            return typed.names[beginning]
    return path if parts[0] in typed.content else ""


def _page(
    request: StaffRequest,
    version: ServiceTypeVersion,
    section: str,
    sheet: Sheet,
    *,
    problems: list[tuple[str, str, str]] | None = None,
    faster: bool = False,
    status: int = 200,
) -> HttpResponse:
    definition = definition_or_none(version)
    code = version.service.code
    context: dict[str, Any] = {
        "code": code,
        "title": definition.title.in_(request.LANGUAGE_CODE) if definition else code,
        "version": version,
        "sections": SECTIONS.items(),
        "section": section,
        "help": SECTIONS[section].help,
        "sheet": sheet,
        "problems": problems or [],
        "faster": faster,
        "note": request.POST.get("note", ""),
    }
    return render(request, "web/services/edit.html", context, status=status)
