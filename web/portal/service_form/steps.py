"""The steps of a form: the shown pages, papers, requester, check; in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.catalogue.conditions import shown_pages, shown_pieces
from eservices.catalogue.definition import Definition


@dataclass(frozen=True, slots=True)
class FormStep:
    """One step: its kind, the page's code where it is a page, its title and address."""

    kind: str
    code: str
    title: str
    address: str


def steps_of(definition: Definition, values: Mapping[str, Any], language: str) -> list[FormStep]:
    """Return the steps that these answers lead through."""
    found = [
        FormStep("page", page.code, page.title.in_(language), page_address(definition, page.code))
        for page in shown_pages(definition, values)
    ]
    if shown_pieces(definition, values):
        found.append(_step(definition, "pieces", _("Papers and photos")))
    found.append(_step(definition, "contact", _("Who asks")))
    found.append(_step(definition, "check", _("Check your answers")))
    return found


def _step(definition: Definition, kind: str, title: str) -> FormStep:
    return FormStep(kind, "", title, reverse(f"portal:service_{kind}", args=[definition.code]))


def page_address(definition: Definition, page: str) -> str:
    """Return the address of a page of questions."""
    return reverse("portal:service_page", args=[definition.code, page])


def place_of(steps: list[FormStep], kind: str, code: str = "") -> int:
    """Return where a step stands in the row, 0 where it is not among them."""
    for at, step in enumerate(steps):
        if (step.kind, step.code) == (kind, code):
            return at
    return 0


def after(steps: list[FormStep], kind: str, code: str = "") -> FormStep:
    """Return the step that follows; the last one where none does."""
    return steps[min(place_of(steps, kind, code) + 1, len(steps) - 1)]


def before(steps: list[FormStep], kind: str, code: str = "") -> FormStep | None:
    """Return the step before, None for the first."""
    at = place_of(steps, kind, code)
    return steps[at - 1] if at else None
