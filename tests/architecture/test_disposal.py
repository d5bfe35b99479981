"""Disposal knows every table that leads to a letter: deleted, blanked, or kept for a reason."""

from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from config.disposing import RULES
from registry.models.letters import Letter

EVERY = RULES.emptied
NAMED = {*(each.label for each in EVERY), *RULES.kept}
# Keys of emptied tables by which no row is looked for, each with its reason.
OWN = "its own letter is followed, and goes together with this one or is another matter"
NOT_FOLLOWED = {
    ("correspondence.alsoanswered", "letter"): OWN,
    ("correspondence.dispatch", "reply"): OWN,
    ("correspondence.reply", "mailing"): OWN,
    ("correspondence.reply", "outgoing"): OWN,
    ("registry.letterlink", "other"): OWN,
    ("registry.piecesrequest", "receipt"): OWN,
    ("registry.rendition", "reading"): "its document is followed",
    ("requests.request", "parent"): OWN,
}
# Made and removed while a letter is disposed of, or they name the list and not the letter.
OF_DISPOSAL = {"registry.erasing"}


def _leading_to(target: type[Model]) -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        if any(field.related_model is target for field in model._meta.concrete_fields):
            yield model


def _all() -> set[str]:
    """The tables that lead to a letter, directly or through another that does."""
    found: set[type[Model]] = set()
    wanted: list[type[Model]] = [Letter]
    while wanted:
        for model in _leading_to(wanted.pop()):
            if model not in found and model is not Letter:
                found.add(model)
                wanted.append(model)
    return {model._meta.label_lower for model in found}


def test_every_table_that_leads_to_a_letter_is_named() -> None:
    assert _all() - NAMED - OF_DISPOSAL == set()
    assert NAMED - _all() == set()


def _keys() -> set[tuple[str, str]]:
    """The keys of emptied tables that lead to a letter, directly or through another table."""
    labels = _all() | {"registry.letter"}
    return {
        (each.label, field.name)
        for each in EVERY
        for field in apps.get_model(each.label)._meta.concrete_fields
        if field.related_model and field.related_model._meta.label_lower in labels
    }


def test_every_key_that_leads_to_a_letter_is_followed() -> None:
    """Not each table alone: a mail has its letter, and the one that it is about."""
    followed = {(each.label, path.split("__")[0]) for each in EVERY for path in each.paths}
    assert _keys() - followed == NOT_FOLLOWED.keys()


def test_none_is_named_twice() -> None:
    labels = [each.label for each in EVERY]
    assert len(labels) == len({*labels})
    assert not {*labels} & RULES.kept.keys()


def test_what_is_not_handed_over_is_emptied() -> None:
    assert RULES.not_handed.keys() <= {each.label for each in EVERY}


def test_every_path_leads_to_a_letter() -> None:
    letter = UUID("00000000-0000-4000-8000-000000000000")
    for each in EVERY:
        assert "letter" in str(each.rows(letter).query), each.label
