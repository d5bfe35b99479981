"""The catalogue as it is read: the list, a service with its versions, a version, its file."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.described import whole
from eservices.catalogue.differences import differences
from eservices.catalogue.fitting import misfits
from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.catalogue.publishing import others_between
from eservices.catalogue.toml_files import as_toml
from org.models import OrgChange
from web.desk.administration.history import history_of
from web.desk.rules.pages import may_edit, sees_rules
from web.desk.services.found import (
    DRAFT,
    LIVE,
    OVER,
    PLANNED,
    definition_or_none,
    place_of,
    service_or_404,
    shown_services,
    shown_versions,
    state_of,
    version_or_404,
)
from web.desk.services.specs import SECTIONS
from web.shared.guard import StaffRequest, page
from web.shared.paging import page_of

ROWS: Final = 50


@page(sees_rules)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all services: what is published, what waits, how many requests run."""
    found = page_of(
        ServiceType.objects.all(),
        order=["position", "code"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": shown_services(found.rows),
        "next": found.next_cursor,
        "may_edit": may_edit(request),
    }
    return render(request, "web/services/list.html", context)


@page(sees_rules)
def service(request: StaffRequest, code: str) -> HttpResponse:
    """Show a service: its versions with their state, what can be edited, and its history."""
    row = service_or_404(code)
    versions = shown_versions(row)
    definition = definition_or_none(version_or_404(row))
    context = {
        "row": row,
        "definition": definition,
        "title": definition.title.in_(request.LANGUAGE_CODE) if definition else row.code,
        "versions": versions,
        "newest": versions[0].version,
        "sections": SECTIONS.items(),
        "problems": _problems(definition),
        "may_edit": may_edit(request),
        **history_of(OrgChange.Noun.SERVICE, code),
    }
    return render(request, "web/services/service.html", context)


@page(sees_rules)
def version_page(request: StaffRequest, code: str, version: int) -> HttpResponse:
    """Show a version as citizens see it, and what publishing it would change."""
    row = service_or_404(code)
    held = version_or_404(row, version)
    definition = definition_or_none(held)
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else request.LANGUAGE_CODE[:2]
    state = state_of(held)
    context: dict[str, Any] = {
        "row": row,
        "version": held,
        "state": state,
        "definition": definition,
        "title": definition.title.in_(request.LANGUAGE_CODE) if definition else row.code,
        "shown": whole(definition, language=language) if definition else None,
        "preview_language": language,
        "preview_languages": LANGUAGES,
        "problems": _problems(definition),
        "may_edit": may_edit(request),
        "may_publish": may_edit(request) and definition and state in (DRAFT, OVER),
        "may_withdraw": may_edit(request) and state in (LIVE, PLANNED),
    }
    if state != LIVE:
        context |= _plan(request, row, held)
    return render(request, "web/services/version.html", context)


@page(sees_rules)
def file(request: StaffRequest, code: str, version: int) -> HttpResponse:
    """Return a version as a TOML file."""
    held = version_or_404(service_or_404(code), version)
    answer = HttpResponse(as_toml(held.content), content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{held.version}.toml"'
    return answer


def moment_of(given: str) -> datetime | None:
    """Return the moment that a form gives, in the office's time; None for none or for no moment."""
    try:
        found = parse_datetime(given)
    except ValueError:
        return None
    if found is None:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _plan(request: StaffRequest, row: ServiceType, held: ServiceTypeVersion) -> dict[str, Any]:
    """Return what publishing would change: what differs, which versions it meets, who stays."""
    start = moment_of(request.GET.get("start", "")) or timezone.now()
    end = moment_of(request.GET.get("end", ""))
    met = others_between(held, start=start, end=end)
    ends = [one for one in met if one.published_to is None and _begins(one) < start]
    versions = shown_versions(row)
    before = next((one.version for one in versions if one.state == LIVE), None)
    return {
        "start": request.GET.get("start", ""),
        "end": request.GET.get("end", ""),
        "ends": ends,
        "overlaps": [one for one in met if one not in ends],
        "before": before,
        "differences": differences(before.content, held.content) if before else [],
        "staying": [one for one in versions if one.running],
    }


def _begins(version: ServiceTypeVersion) -> datetime:
    return version.published_from or timezone.now()


def _problems(definition: Any) -> list[tuple[str, str]]:
    """Return the codes that the office does not know, each with its place."""
    found = misfits(definition) if definition else []
    return [(place_of(problem), problem.words) for problem in found]
