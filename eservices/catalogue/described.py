"""Service types as plain data for programs: the row of a list, and the whole form.

Texts come in one language, or in all three where none is named.
"""

from typing import Any, Final

from django.conf import settings

from eservices.catalogue.definition import (
    LANGUAGES,
    Condition,
    Definition,
    Fee,
    Field,
    Page,
    Piece,
    Stage,
    Term,
    Text,
)

PATH: Final = "/services/{code}/"  # of the citizens' page of a service


def address_of(code: str) -> str:
    """Return the whole address of the citizens' page of a service."""
    return f"{settings.PUBLIC_URL}{PATH.format(code=code)}"


def in_languages(text: Text, language: str = "") -> Any:
    """Return a text in a language, or a table of it in all."""
    return text.in_(language) if language else {one: getattr(text, one) for one in LANGUAGES}


def row_of(definition: Definition, *, language: str = "") -> dict[str, Any]:
    """Return what a list says of a service."""
    return {
        "code": definition.code,
        "family": definition.family,
        "title": in_languages(definition.title, language),
        "summary": in_languages(definition.summary, language),
        "audiences": list(definition.audiences),
        "needs": list(definition.needs),
        "channels": list(definition.channels),
        "identity": definition.identity,
        "pieces": [_piece(piece, language) for piece in definition.pieces],
        "fee": _fee(definition.fee, language),
        "terms": _terms(definition.term, language),
        "address": address_of(definition.code),
    }


def whole(definition: Definition, *, language: str = "") -> dict[str, Any]:
    """Return all that a person or a program needs for a request of this service."""
    return {
        **row_of(definition, language=language),
        "law": in_languages(definition.law, language),
        "before": in_languages(definition.before, language),
        "done": in_languages(definition.done, language),
        "danger": condition_of(definition.danger),
        "pages": [_page(page, language) for page in definition.pages],
        "stages": [_stage(stage, language) for stage in definition.stages],
        "questions": [
            {
                "question": in_languages(row.question, language),
                "answer": in_languages(row.answer, language),
            }
            for row in definition.knowledge
        ],
    }


def condition_of(condition: Condition | None) -> dict[str, Any] | None:
    """Return a condition by the names that it has in a file."""
    if condition is None:
        return None
    return {
        "field": condition.field,
        "in": list(condition.values),
        "answered": condition.any_answer,
        "not": condition.negated,
    }


def _piece(piece: Piece, language: str) -> dict[str, Any]:
    return {
        "code": piece.code,
        "title": in_languages(piece.title, language),
        "help": in_languages(piece.help, language),
        "required": piece.required,
        "several": piece.several,
        "accept": list(piece.accept),
        "show_if": condition_of(piece.show_if),
    }


def _fee(fee: Fee | None, language: str) -> dict[str, Any] | None:
    if fee is None:
        return None
    amount = None if fee.amount is None else f"{fee.amount:.2f}"
    return {"amount": amount, "currency": fee.currency, "words": in_languages(fee.words, language)}


def _terms(term: Term, language: str) -> dict[str, Any]:
    return {
        "legal_days": term.legal_days,
        "norm_days": term.norm_days,
        "unit": term.unit,
        "silence": term.silence,
        "words": in_languages(term.words, language),
    }


def _page(page: Page, language: str) -> dict[str, Any]:
    return {
        "code": page.code,
        "title": in_languages(page.title, language),
        "intro": in_languages(page.intro, language),
        "show_if": condition_of(page.show_if),
        "fields": [_field(field, language) for field in page.fields],
    }


def _field(field: Field, language: str) -> dict[str, Any]:
    return {
        "code": field.code,
        "type": field.type,
        "label": in_languages(field.label, language),
        "help": in_languages(field.help, language),
        "required": field.required,
        "pattern": field.pattern,
        "min": field.least,
        "max": field.most,
        "options": [
            {"value": one.value, "label": in_languages(one.label, language)}
            for one in field.options
        ],
        "show_if": condition_of(field.show_if),
    }


def _stage(stage: Stage, language: str) -> dict[str, Any]:
    """Return a stage as citizens see it; the office's own words stay inside."""
    return {
        "code": stage.code,
        "kind": stage.kind,
        "label": in_languages(stage.public, language),
        "waits_for": in_languages(stage.waits_for, language),
        "days": stage.days,
    }
