"""Services and their versions as the pages of the catalogue show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import BadServiceTypeError, Definition, Problem
from eservices.catalogue.labels import label_of
from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.catalogue.publishing import definition_of, read_all
from eservices.requests.models import Request

DRAFT, PLANNED, LIVE, OVER = "draft", "planned", "live", "over"
STATES: Final = {
    DRAFT: _("draft"),
    PLANNED: _("planned"),
    LIVE: _("published"),
    OVER: _("no longer published"),
}


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with its state and the requests that run on it."""

    version: ServiceTypeVersion
    state: str
    running: int = 0

    @property
    def words(self) -> str:
        """The state in words."""
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class ShownService:
    """A service of the list: its title, what is published, what waits, and running requests."""

    service: ServiceType
    title: str
    live: ServiceTypeVersion | None
    newest: ServiceTypeVersion
    state: str
    running: int

    @property
    def words(self) -> str:
        """The state of the service: published, or that of its newest version."""
        return str(STATES[self.state])

    @property
    def newer(self) -> bool:
        """Whether a draft or a planned version follows what is published."""
        return self.live is not None and self.newest.version > self.live.version


def state_of(version: ServiceTypeVersion, *, at: datetime | None = None) -> str:
    """Return the state of a version at a time (now)."""
    now = at or timezone.now()
    if version.published_from is None:
        return DRAFT
    if version.published_to is not None and version.published_to <= now:
        return OVER
    return PLANNED if version.published_from > now else LIVE


def shown_services(services: Iterable[ServiceType]) -> list[ShownService]:
    """Return services for the list; four queries, however many there are."""
    rows = list(services)
    running = running_by_version(rows)
    versions: dict[int, list[ServiceTypeVersion]] = {}
    found = ServiceTypeVersion.objects.filter(service__in=rows).defer("content")
    for version in found.select_related("service").order_by("-version"):
        versions.setdefault(version.service_id, []).append(version)
    said = read_all(_face(of) for of in versions.values())
    titles = {one.version.service_id: one.definition.title for one in said}
    language = get_language() or "fr"
    return [
        ShownService(
            service=row,
            title=titles[row.pk].in_(language) if row.pk in titles else row.code,
            live=_live(versions[row.pk]),
            newest=versions[row.pk][0],
            state=state_of(_face(versions[row.pk])),
            running=sum(running.get(version.pk, 0) for version in versions[row.pk]),
        )
        for row in rows
        if row.pk in versions
    ]


def shown_versions(service: ServiceType) -> list[ShownVersion]:
    """Return the versions of a service, the newest first."""
    running = running_by_version([service])
    rows = service.versions.defer("content").select_related("made_by").order_by("-version")
    return [ShownVersion(row, state_of(row), running.get(row.pk, 0)) for row in rows]


def running_by_version(services: Iterable[ServiceType]) -> dict[int, int]:
    """Return version → requests of it that have not ended."""
    rows = Request.objects.filter(service__in=list(services)).exclude(stage_kind="end")
    counted = rows.order_by().values("version").annotate(n=Count("pk"))
    return {row["version"]: row["n"] for row in counted}


def service_or_404(code: str) -> ServiceType:
    """Return the service of this code. Raise Http404."""
    found = ServiceType.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def version_or_404(service: ServiceType, number: int | None = None) -> ServiceTypeVersion:
    """Return a version of the service by its number, the newest without one. Raise Http404."""
    rows = service.versions.select_related("service").order_by("-version")
    found = (rows if number is None else rows.filter(version=number)).first()
    if found is None:
        raise Http404
    return found


def definition_or_none(version: ServiceTypeVersion) -> Definition | None:
    """Return what a version says, None where it can no longer be read."""
    try:
        return definition_of(version)
    except BadServiceTypeError:
        return None


def place_of(problem: Problem) -> str:
    """Return where a problem is, in words: “Questions › 2 › Help”."""
    parts = problem.path.split(".")
    above = ["", *parts]
    words = (
        str(int(part) + 1) if part.isdecimal() else label_of(part, of=_list_above(above, at))
        for at, part in enumerate(parts)
    )
    return " › ".join(words)


def _list_above(parts: list[str], at: int) -> str:
    return next((one for one in reversed(parts[: at + 1]) if one in ("actions", "stages")), "")


def _live(versions: list[ServiceTypeVersion]) -> ServiceTypeVersion | None:
    return next((row for row in versions if state_of(row) == LIVE), None)


def _face(versions: list[ServiceTypeVersion]) -> ServiceTypeVersion:
    """Return the version by which a service is shown: the published one, else the newest."""
    return _live(versions) or versions[0]
