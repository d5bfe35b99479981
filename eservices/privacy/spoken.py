"""Codes of services in words: their names and stages, their questions and the answers to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from eservices.catalogue.definition import BadServiceTypeError, Definition
from eservices.catalogue.publishing import definition_of, published_types
from eservices.requests.models import Request
from eservices.requests.paper import answer_lines

Row = dict[str, Any]


class Services:
    """What services are called in one language, those that were asked for as they were then."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._now = {one.code: one.definition for one in published_types()}

    def name(self, code: str) -> str:
        """Return the name of a service; its code where it is published no more."""
        found = self._now.get(code)
        return found.title.in_(self._language) if found else code

    def spoken(self, part: str, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of a part with codes of services put into words."""
        if part not in ("requests", "drafts"):
            return list(rows)
        then = _then([row["number"] for row in rows if "number" in row])
        return [self._row(row, then.get(row.get("number", ""))) for row in rows]

    def _row(self, row: Row, then: Definition | None) -> Row:
        code = str(row.get("service", ""))
        definition = then or self._now.get(code)
        if definition is None:
            return row
        told = {**row, "service": definition.title.in_(self._language)}
        stages = {stage.code: stage.public.in_(self._language) for stage in definition.stages}
        if "stage" in row:
            told["stage"] = stages.get(row["stage"], row["stage"])
        if isinstance(row.get("answers"), Mapping):
            told["answers"] = self._answers(definition, row["answers"])
        return told

    def _answers(self, definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers under their questions; wrong ones of drafts stay as they are."""
        fields = {one.code: one for one in definition.fields()}
        told: dict[str, Any] = {}
        for code, value in answers.items():
            one = fields.get(code)
            if one is None:
                told[code] = value
                continue
            try:
                lines: Any = list(answer_lines(one, value, self._language))
            except (ValueError, TypeError, KeyError, AttributeError):
                lines = value
            asked = one.label.in_(self._language)
            told[asked if asked not in told else f"{asked} ({code})"] = lines  # two may ask alike
        return told


def _then(numbers: Sequence[str]) -> dict[str, Definition]:
    """Return what the services of these requests were when they were made."""
    found = {}
    rows = Request.objects.filter(letter__number__in=numbers).select_related("letter", "version")
    for row in rows:
        try:
            found[row.letter.number] = definition_of(row.version)
        except BadServiceTypeError:
            continue
    return found
