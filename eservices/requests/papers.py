"""The answers of a request as documents of its letter: one for people, one for machines."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from eservices.catalogue.conditions import shown_fields
from eservices.catalogue.definition import Definition, Field
from eservices.catalogue.models import ServiceTypeVersion
from registry.intake import IncomingFile


def papers(
    version: ServiceTypeVersion,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    language: str,
) -> list[IncomingFile]:
    """Return the answers as a paper that people read, and as one that machines read."""
    facts = {
        "service": definition.code,
        "version": version.version,
        "language": language,
        "answers": dict(answers),
    }
    machine = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    lines = [f"{label}: {words}" for label, words in answer_lines(definition, answers, language)]
    readable = "\n".join([definition.title.in_(language), "", *lines])
    return [
        IncomingFile(f"{definition.code}.txt", io.BytesIO(readable.encode())),
        IncomingFile(f"{definition.code}.json", io.BytesIO(machine.encode())),
    ]


def answer_lines(
    definition: Definition, answers: Mapping[str, Any], language: str
) -> Iterator[tuple[str, str]]:
    """Yield what was asked and answered, as a person reads it, in a language."""
    for field in shown_fields(definition, answers):
        if words := answer_words(field, answers.get(field.code), language=language):
            yield field.label.in_(language), words


def answer_words(field: Field, given: Any, *, language: str) -> str:
    """Return an answer as a person reads it; "" where there is none."""
    if given is None or given == "" or given == []:
        return ""
    if isinstance(given, bool) or field.type in ("yes_no", "declaration"):
        yes = given is True or str(given).lower() in ("yes", "true", "1", "on")
        return {"ar": ("لا", "نعم"), "fr": ("non", "oui")}.get(language, ("no", "yes"))[yes]
    if isinstance(given, Mapping):
        return " ".join(str(value) for value in given.values() if value not in (None, ""))
    labels = {option.value: option.label.in_(language) for option in field.options}
    values = given if isinstance(given, (list, tuple)) else [given]
    return ", ".join(labels.get(str(value), str(value)) for value in values)
