"""A service as one text: a new one from a file or by hand, or all of one edited at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.catalogue.definition import BadServiceTypeError, Problem
from eservices.catalogue.models import ServiceTypeVersion
from eservices.catalogue.publishing import keep_version, published_types
from eservices.catalogue.toml_files import MOST_BYTES, as_toml, from_toml
from registry.states import ConflictError
from web.desk.services.drafts import after_keeping
from web.desk.services.edit import seen_in
from web.desk.services.found import place_of, service_or_404, version_or_404
from web.shared.guard import StaffRequest, administers, form


@form(administers)
def new(request: StaffRequest) -> HttpResponse:
    """Bring a service in as a TOML file or text; a known code gets its next version.

    `?from=` is the code of a service whose text it begins with: all of it but the code.
    """
    if request.method != "POST":
        model = request.GET.get("from", "")
        return _page(request, None, _begun_from(model) if model else "")
    return _take(request, None)


def _begun_from(code: str) -> str:
    content = version_or_404(service_or_404(code)).content
    return as_toml({**content, "code": ""})


@form(administers)
def whole(request: StaffRequest, code: str) -> HttpResponse:
    """Show the newest version as a TOML text, and keep what was changed in it."""
    row = service_or_404(code)
    if request.method != "POST":
        version = version_or_404(row)
        return _page(request, version, as_toml(version.content))
    return _take(request, version_or_404(row, seen_in(request)))


def _take(request: StaffRequest, version: ServiceTypeVersion | None) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        text = _uploaded(request) or text
        content = from_toml(text)
        if version and content.get("code") != version.service.code:
            raise BadServiceTypeError([Problem("code", _("cannot be changed"))])
        seen = version.version if version else None
        kept = keep_version(
            content, actor=request.user, note=request.POST.get("note", ""), seen=seen
        )
    except BadServiceTypeError as error:
        problems = [(place_of(one), one.words, "") for one in error.problems]
        return _page(request, version, text, problems=problems, status=422)
    except ConflictError:
        return _page(request, version, text, faster=True, status=409)
    return after_keeping(request, kept, before=seen or 0)


def _models() -> list[tuple[str, str]]:
    """Return code and title of the services with which a new one may begin."""
    language = (get_language() or "fr")[:2]
    return [(one.definition.code, one.definition.title.in_(language)) for one in published_types()]


def _uploaded(request: StaffRequest) -> str:
    """Return the text of the file that was chosen, "" without one. Raise BadServiceTypeError."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    if (file.size or 0) > MOST_BYTES:
        raise BadServiceTypeError([Problem("type", _("The file is too large for a service."))])
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        words = _("The file is no TOML: %(why)s") % {"why": error.reason}
        raise BadServiceTypeError([Problem("type", words)]) from error


def _page(
    request: StaffRequest,
    version: ServiceTypeVersion | None,
    text: str,
    *,
    problems: list[tuple[str, str, str]] | None = None,
    faster: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "version": version,
        "code": version.service.code if version else "",
        "text": text,
        "problems": problems or [],
        "faster": faster,
        "note": request.POST.get("note", ""),
        "models": [] if version else _models(),
    }
    return render(request, "web/services/whole.html", context, status=status)
