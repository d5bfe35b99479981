"""Values of a service type as a person types them, and back.

Each kind of input has one name or, for texts, one a language; `shown` gives what stands in them,
`taken` the value of what was typed. What cannot be a value stays text: reading it refuses it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from eservices.catalogue.definition import LANGUAGES

MANY: Final = {"text", "long", "phrases"}  # kinds with an input for each language
_CONDITION: Final = re.compile(r"\s*(\w*)\s*(!=|!\?|=|\?)\s*(.*?)\s*", re.DOTALL)


def suffixes(kind: str) -> tuple[str, ...]:
    """Return what is added to an input's name: the languages, or nothing."""
    return tuple(f".{language}" for language in LANGUAGES) if kind in MANY else ("",)


def shown(kind: str, value: Any, *, usual: bool = False) -> dict[str, str]:
    """Return suffix → what stands in the input."""
    if kind in MANY:
        table = value if isinstance(value, Mapping) else {}
        return {f".{one}": _text(table.get(one)) for one in LANGUAGES}
    if kind == "flag":
        return {"": "on" if (usual if value is None else value) else ""}
    return {"": _SHOWN.get(kind, _text)(value)}


def taken(kind: str, typed: Mapping[str, str]) -> Any:
    """Return the value of what was typed, None where there is none."""
    if kind in MANY:
        found = {suffix[1:]: words for suffix, words in typed.items() if words}
        if kind == "phrases":
            return {one: lines(words) for one, words in found.items()} or None
        return found or None
    if kind == "flag":
        return typed[""] == "on"
    return _TAKEN[kind](typed[""]) if typed[""] and kind in _TAKEN else typed[""] or None


def lines(words: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)


def _codes(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else _text(value)


def _from_codes(words: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,\n]", words) if one.strip()]


def _number(words: str) -> Any:
    return int(words) if re.fullmatch(r"-?[0-9]{1,9}", words) else words


def _limit(words: str) -> Any:
    return float(words) if re.fullmatch(r"-?[0-9]{1,9}\.[0-9]{1,6}", words) else _number(words)


def _condition(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _text(value)
    negated = "!" if value.get("not") else ""
    if value.get("answered"):
        return f"{value.get('field', '')} {negated}?"
    return f"{value.get('field', '')} {negated}= {_codes(value.get('in', []))}"


def _from_condition(words: str) -> Any:
    found = _CONDITION.fullmatch(words)
    if not found:
        return words
    field, sign, values = found.groups()
    condition: dict[str, Any] = {"field": field}
    if sign.endswith("?"):
        condition["answered"] = True
    else:
        condition["in"] = _from_codes(values)
    return condition | ({"not": True} if sign.startswith("!") else {})


def _options(value: Any) -> str:
    rows = value if isinstance(value, list) else []
    return "\n".join(_option(row) for row in rows if isinstance(row, Mapping))


def _option(row: Mapping[str, Any]) -> str:
    label = row.get("label")
    texts = label if isinstance(label, Mapping) else {}
    return " | ".join([_text(row.get("value")), *(_text(texts.get(one)) for one in LANGUAGES)])


def _from_options(words: str) -> list[dict[str, Any]]:
    found = []
    for line in lines(words):
        value, *texts = (part.strip() for part in line.split("|"))
        label = {one: text for one, text in zip(LANGUAGES, texts, strict=False) if text}
        found.append({"value": value, "label": label})
    return found


def _map(value: Any) -> str:
    table = value if isinstance(value, Mapping) else {}
    return "\n".join(f"{name} = {code}" for name, code in table.items())


def _from_map(words: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines(words))
    return {name.strip(): code.strip() for name, _sign, code in pairs}


_SHOWN: Final[dict[str, Callable[[Any], str]]] = {
    "codes": _codes,
    "condition": _condition,
    "options": _options,
    "map": _map,
}
_TAKEN: Final[dict[str, Callable[[str], Any]]] = {
    "codes": _from_codes,
    "condition": _from_condition,
    "options": _from_options,
    "map": _from_map,
    "number": _number,
    "limit": _limit,
}
