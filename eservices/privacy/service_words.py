"""Codes of services in words: their names and stages, their questions and the answers to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from eservices.catalogue.definition import BadServiceTypeError, Definition, Field
from eservices.catalogue.publishing import definition_of, published_types
from eservices.catalogue.values import BadAnswerError, checked_value, is_given
from eservices.requests.models import Request
from eservices.requests.paper import answer_lines

Row = dict[str, Any]


class Services:
    """The names of services in one language; of requests, as they were at their time."""

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
        return [
            self._row(row, then.get(row.get("number", "")), typed=part == "drafts") for row in rows
        ]

    def _row(self, row: Row, then: Definition | None, *, typed: bool) -> Row:
        code = str(row.get("service", ""))
        definition = then or self._now.get(code)
        if definition is None:
            return row
        told = {**row, "service": definition.title.in_(self._language)}
        stages = {stage.code: stage.public.in_(self._language) for stage in definition.stages}
        if "stage" in row:
            told["stage"] = stages.get(row["stage"], row["stage"])
        if isinstance(row.get("answers"), Mapping):
            told["answers"] = self._answers(definition, row["answers"], typed=typed)
        return told

    def _answers(
        self, definition: Definition, answers: Mapping[str, Any], *, typed: bool
    ) -> dict[str, Any]:
        """Return the answers under their questions; `typed` ones as the form would take them.

        Wrong ones of drafts stay as they were typed, and what is not answered is left out.
        """
        fields = {one.code: one for one in definition.fields()}
        told: dict[str, Any] = {}
        for code, value in answers.items():
            one = fields.get(code)
            if one is None:
                told[code] = value
                continue
            if typed and not is_given(value):
                continue
            asked = one.label.in_(self._language)
            said = self._said(one, value, typed=typed)
            told[asked if asked not in told else f"{asked} ({code})"] = said  # two may ask alike
        return told

    def _said(self, one: Field, value: Any, *, typed: bool) -> Any:
        try:
            kept = checked_value(one, value) if typed else value
            return list(answer_lines(one, kept, self._language))
        except (BadAnswerError, ValueError, TypeError, KeyError, AttributeError):
            return value


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
