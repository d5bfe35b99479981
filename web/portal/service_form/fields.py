"""Fields of a page of questions as a template shows them, and as they come back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from eservices.catalogue.answers import Checked
from eservices.catalogue.conditions import condition_values, shown_fields
from eservices.catalogue.definition import Condition, Definition, Field, Page

MOST_RADIOS: Final = 8  # more options are a list that drops down


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OwnContract:
    """A contract of the visitor's that the form offers, and where it is."""

    number: str
    place: str


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field: its words, what was typed, what is wrong, and whether it is shown now."""

    field: Field
    label: str
    help: str
    raw: Any
    error: str
    asked: bool
    new: bool
    choices: tuple[Choice, ...]
    condition: str
    own: tuple[OwnContract, ...] = ()

    @property
    def id(self) -> str:
        """The id of its control, where links of the summary lead."""
        return f"f-{self.field.code}"

    @property
    def kind(self) -> str:
        """Which control it is."""
        if self.field.type == "choice":
            return "radios" if len(self.choices) <= MOST_RADIOS else "select"
        return {"yes_no": "radios", "several": "checks"}.get(self.field.type, self.field.type)

    @property
    def described_by(self) -> str:
        """The ids of its help and its error, for screen readers."""
        ids = [f"{self.id}-help" if self.help else "", f"{self.id}-error" if self.error else ""]
        return " ".join(filter(None, ids))

    @property
    def text(self) -> str:
        """What was typed, of an address its words."""
        if isinstance(self.raw, Mapping):
            return str(self.raw.get("text") or "")
        return "" if self.raw is None or isinstance(self.raw, bool | list) else str(self.raw)

    @property
    def most(self) -> int:
        """How many characters the control takes, 0 where that is not limited here."""
        given = self.field.most
        return int(given) if given.isdecimal() and self.field.type in ("text", "long_text") else 0


def collected(page: Page, given: QueryDict) -> dict[str, Any]:
    """Return the answers of a page as they were typed."""
    return {one.code: _raw(one, given) for one in page.fields}


def _raw(one: Field, given: QueryDict) -> Any:
    if one.type == "several":
        return given.getlist(one.code)
    if one.type == "declaration":
        return one.code in given
    if one.type == "address":
        parts = {"text": given.get(one.code, "")}
        for name in ("latitude", "longitude"):
            parts[name] = given.get(f"{one.code}.{name}", "")
        return {name: text for name, text in parts.items() if name == "text" or text}
    return given.get(one.code, "")


def shown_page(
    definition: Definition,
    page: Page,
    answers: Mapping[str, Any],
    checked: Checked,
    *,
    errors: Mapping[str, str],
    new: frozenset[str],
    language: str,
    own: tuple[OwnContract, ...] = (),
) -> list[ShownField]:
    """Return the fields of a page, also those that are hidden now; the script may show them.

    `own` contracts are offered where one is asked for; the only one stands there already.
    """
    asked = {one.code for one in shown_fields(definition, checked.values)}
    return [
        ShownField(
            field=one,
            label=one.label.in_(language),
            help=one.help.in_(language) if one.help else "",
            raw=_typed(one, answers, checked, own),
            error=errors.get(one.code, ""),
            asked=one.code in asked,
            new=one.code in new,
            choices=_choices(one, answers.get(one.code), language),
            condition=as_json(one.show_if),
            own=own if one.type == "contract" else (),
        )
        for one in page.fields
    ]


def _typed(
    one: Field, answers: Mapping[str, Any], checked: Checked, own: tuple[OwnContract, ...]
) -> Any:
    """Return what was typed; a day as a browser's calendar takes it, where it is one."""
    if one.type == "contract" and one.code not in answers and len(own) == 1:
        return own[0].number
    if one.type == "date" and one.code in checked.values:
        return checked.values[one.code]
    return answers.get(one.code)


def _choices(one: Field, raw: Any, language: str) -> tuple[Choice, ...]:
    given = set(condition_values(raw))
    if one.type == "yes_no":
        words = (("yes", _("Yes")), ("no", _("No")))
        return tuple(Choice(value, label, value in given) for value, label in words)
    return tuple(
        Choice(option.value, option.label.in_(language), option.value in given)
        for option in one.options
    )


def known_values(definition: Definition, page: Page, checked: Checked) -> str:
    """Return the earlier pages' values in this page's conditions, for the script, as JSON."""
    own = {one.code for one in page.fields}
    wanted = {one.show_if.field for one in page.fields if one.show_if}
    if definition.danger:
        wanted.add(definition.danger.field)
    wanted -= own
    return json.dumps({code: condition_values(checked.values.get(code)) for code in wanted})


def as_json(condition: Condition | None) -> str:
    """Return a condition as the script reads it; "" where there is none."""
    if condition is None:
        return ""
    told = {
        "field": condition.field,
        "in": list(condition.values),
        "answered": condition.any_answer,
        "not": condition.negated,
    }
    return json.dumps(told, ensure_ascii=False)
