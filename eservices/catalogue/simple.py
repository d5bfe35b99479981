"""A simple service: names, pieces, questions, department and term; the rest as for a free letter.

The way of a request, its stages and actions, is that of the letter of one's own, which every office
offers; it can be changed afterwards like any service's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import slugify

from eservices.catalogue.loading import shipped_types
from eservices.catalogue.models import ServiceType

MODEL: Final = "free_letter"
Names = dict[str, str]  # language → text
_LONGEST: Final = 34  # characters of a code, before what tells it from another
_WORKING: Final = 12  # days of the stage in which a department works, at most
_PAGE: Final[Names] = {"ar": "طلبكم", "fr": "Votre demande", "en": "Your request"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A piece that is asked for, or a question with its type."""

    names: Names
    required: bool = False
    type: str = "text"


@dataclass(frozen=True, slots=True)
class SimpleService:
    """What somebody says of a new service; where there is no English, French stands for it."""

    title: Names
    summary: Names
    department: str
    days: int
    unit: str
    questions: Sequence[Asked]
    pieces: Sequence[Asked] = ()


def simple_content(told: SimpleService) -> dict[str, Any]:
    """Return the content of a new service, with a code that no other service has."""
    model = shipped_types()[MODEL]
    fields = [
        {"code": code, "type": one.type, "required": one.required, "label": _whole(one.names)}
        for code, one in _coded(told.questions, "question")
    ]
    pieces = [
        {"code": code, "required": one.required, "several": True, "title": _whole(one.names)}
        for code, one in _coded(told.pieces, "piece")
    ]
    content = {name: model[name] for name in ("family", "needs", "audiences", "channels", "fee")}
    content |= {"done": model["done"], "stages": _stages(model["stages"], told.days)}
    content |= {"code": new_code(told.title), "title": _whole(told.title)}
    content |= {"summary": _whole(told.summary), "department": told.department}
    content["term"] = {"legal_days": told.days, "norm_days": told.days, "unit": told.unit}
    content["pages"] = [{"code": "request", "title": _PAGE, "fields": fields}]
    return content | ({"pieces": pieces} if pieces else {})


def new_code(title: Names) -> str:
    """Return a code after a title, that no service has."""
    latin = slugify(title.get("fr", "") or title.get("en", "")).replace("-", "_")
    base = re.sub(r"^[^a-z]+", "", latin)[:_LONGEST].strip("_")
    base = base if len(base) > 1 else "service"
    taken = set(ServiceType.objects.filter(code__startswith=base).values_list("code", flat=True))
    names = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _coded(rows: Sequence[Asked], word: str) -> Iterator[tuple[str, Asked]]:
    return ((f"{word}_{number}", row) for number, row in enumerate(rows, 1))


def _whole(names: Names) -> Names:
    return {**names, "en": names.get("en") or names["fr"]}


def _stages(stages: Sequence[dict[str, Any]], days: int) -> list[dict[str, Any]]:
    """Return the stages of the model; work takes no longer than the whole may."""
    within = min(_WORKING, max(1, days))
    return [{**one, "days": within} if one.get("kind") == "work" else one for one in stages]
