"""One box to find a letter: words, a number in any notation, facets to narrow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from language.numerals import registry_number_key
from org.models import Department, LetterKind, User
from registry.models import Channel, Letter, Register
from registry.states import Stage
from search.services import FoundLetters, find_letters
from web.context import LANGUAGES
from web.desk.guard import StaffRequest, page, reads_letters

# Facets of the page, in this order: (code of the search contract, heading).
FACETS: Final = (
    ("department", _("Responsible unit")),
    ("kind", _("Kind")),
    ("stage", _("Stage")),
    ("register", _("Register")),
    ("year", _("Year")),
    ("language", _("Language")),
    ("channel", _("Channel")),
)
MOST_VALUES: Final = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many letters have it, whether it is chosen, where the link leads."""

    label: str
    count: int
    chosen: bool
    query: str


@page(reads_letters)
def search(request: StaffRequest) -> HttpResponse:
    """The search page. A registry number leads straight to its letter."""
    words = request.GET.get("q", "").strip()[:1000]
    if letter := _by_number(request.user, words):
        return redirect("desk:letter", letter.pk)
    filters = {code: request.GET.getlist(code) for code, _h in FACETS if request.GET.get(code)}
    found = find_letters(
        viewer=request.user,
        words=words,
        filters=filters,
        overdue=bool(request.GET.get("overdue")),
        order="newest" if request.GET.get("order") == "newest" else "relevance",
        cursor=request.GET.get("from", ""),
    )
    context = {
        "words": words,
        "found": found,
        "facets": _facets(request, found),
        "chosen": _chosen(request, filters),
        "filters": [(code, v) for code, values in filters.items() for v in values],
        "order": request.GET.get("order", ""),
        "overdue": request.GET.get("overdue", ""),
        "next": _link(request, {"from": found.next_cursor}) if found.next_cursor else "",
        "begun": bool(request.GET.get("from")),
    }
    return render(request, "web/search.html", context)


def _by_number(viewer: User, words: str) -> Letter | None:
    """The letter of a registry number in any notation; None for other words."""
    key = registry_number_key(words)
    if key is None:
        return None
    year, code, serial = key.split("/")
    rows = Letter.objects.visible_to(viewer).filter(
        year=int(year), register__code__iexact=code, serial=int(serial)
    )
    letter: Letter | None = rows.first()
    return letter


def _facets(request: StaffRequest, found: FoundLetters) -> list[tuple[Any, list[Choice]]]:
    labels = _labels()
    shown = []
    for code, heading in FACETS:
        counts: Mapping[str, int] = found.facets.get(code, {})
        chosen = set(request.GET.getlist(code))
        values = sorted(
            {value for value, count in counts.items() if count and value} | chosen,
            key=lambda value: (-counts.get(value, 0), value),
        )
        choices = [
            Choice(
                label=labels.get((code, value), value),
                count=counts.get(value, 0),
                chosen=value in chosen,
                query=_toggled(request, code, value),
            )
            for value in values[:MOST_VALUES]
        ]
        if len(choices) > 1 or chosen:
            shown.append((heading, choices))
    return shown


def _chosen(request: StaffRequest, filters: dict[str, list[str]]) -> list[Choice]:
    labels = _labels() if filters else {}
    return [
        Choice(labels.get((code, value), value), 0, True, _toggled(request, code, value))
        for code, values in filters.items()
        for value in values
    ]


def _labels() -> dict[tuple[str, str], str]:
    """(facet, value) → what a person calls it."""
    names = {("department", row.code): row.name for row in Department.objects.all()}
    names |= {("kind", row.code): row.name for row in LetterKind.objects.all()}
    names |= {("register", row.code): row.name for row in Register.objects.all()}
    names |= {("stage", value): str(label) for value, label in Stage.choices}
    names |= {("channel", value): str(label) for value, label in Channel.choices}
    names |= {("language", code): name for code, name, _short in LANGUAGES}
    return names


def _toggled(request: StaffRequest, code: str, value: str) -> str:
    """The address with this value chosen, or no longer chosen; back on the first page."""
    query = request.GET.copy()
    query.pop("from", None)
    values = query.getlist(code)
    left = [v for v in values if v != value] if value in values else [*values, value]
    query.setlist(code, left)
    return query.urlencode()


def _link(request: StaffRequest, changes: dict[str, str]) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()
