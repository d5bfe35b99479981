"""Where a request goes: the kind of its letter, and the department that its type names."""

from collections.abc import Mapping
from typing import Any, Final

from eservices.catalogue.definition import Definition
from org.models import Department, LetterKind
from org.units import heir_if_closed

_OTHER_KINDS: Final = ("request", "administrative", "other")


def kind_for(definition: Definition) -> LetterKind | None:
    """Return the kind of the type's letters, or the nearest that this office has."""
    wanted = [code for code in (definition.kind, *_OTHER_KINDS) if code]
    found = {kind.code: kind for kind in LetterKind.objects.filter(code__in=wanted)}
    return next((found[code] for code in wanted if code in found), None)


def department_for(
    definition: Definition, answers: Mapping[str, Any], *, trade: str = ""
) -> Department | None:
    """Return the department that the type names for these answers; None leaves it to the rules.

    The heir of one that is closed.
    """
    given = str(answers.get(definition.department_by, "")) if definition.department_by else ""
    by_answer = definition.departments.get(trade) or definition.departments.get(given)
    code = by_answer or definition.department
    if not code:
        return None
    return heir_if_closed(Department.objects.select_related("heir").filter(code=code).first())
