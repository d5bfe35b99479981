"""Whatever stands in a content: a type comes out, or all that is wrong with it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eservices.catalogue.definition import (
    ACTION_NEEDS,
    AUDIENCES,
    FAMILIES,
    FIELD_TYPES,
    NEEDS,
    OUTCOMES,
    ROLES,
    STAGE_KINDS,
    TRADES,
    BadServiceTypeError,
    Definition,
    Problem,
)
from eservices.catalogue.publishing import digest_of
from eservices.catalogue.reading import read_definition
from eservices.catalogue.toml_files import as_toml, from_toml
from tests.eservices.office import content_of
from tests.imports import ROOT

TEXT = st.text(max_size=8)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def problems_of(content: Any) -> list[str]:
    with pytest.raises(BadServiceTypeError) as told:
        read_definition(content)
    return [problem.path for problem in told.value.problems]


def outcome_of(content: Any) -> Definition | list[Problem]:
    """What is read, or all that is wrong with it."""
    try:
        return read_definition(content)
    except BadServiceTypeError as error:
        return error.problems


def places(content: Any) -> list[tuple[Any, Any]]:
    """Every table or list of a content, with each of its keys."""
    found: list[tuple[Any, Any]] = []
    inner = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in list(inner):
        found.append((content, key))
        if isinstance(value, (dict, list)):
            found.extend(places(value))
    return found


@given(ANYTHING)
def test_arbitrary_json_is_refused_in_words(content: Any) -> None:
    assert problems_of(content)


@settings(max_examples=40)  # each reads a whole type: 65 ms
@given(st.data())
def test_a_type_with_anything_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    content = content_of()
    table, key = data.draw(st.sampled_from(places(content)))
    table[key] = data.draw(ANYTHING)
    found = outcome_of(content)
    if isinstance(found, Definition):
        assert digest_of(content)
        assert from_toml(as_toml(content)) == content
    else:
        assert found
        assert "".join(f"{row.path}: {row.words}" for row in found).encode()


@settings(max_examples=30)
@given(st.data())
def test_what_is_exported_reads_as_it_was(data: st.DataObject) -> None:
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
    texts = st.fixed_dictionaries(dict.fromkeys(("ar", "fr", "en"), words))
    content = content_of(title=data.draw(texts), before=data.draw(texts))
    content["pages"][0]["fields"][0]["help"] = data.draw(texts)
    content["pages"][0]["fields"][4]["min"] = data.draw(st.integers(0, 9) | st.floats(0, 9))
    content["synonyms"] = {"fr": data.draw(st.lists(words, max_size=9))}
    assert from_toml(as_toml(content)) == content


def text(words: str) -> dict[str, str]:
    return {"ar": words, "fr": words, "en": words}


def test_each_mistake_is_told_with_its_place() -> None:
    on, end = {"name": "on", "to": "nowhere", "label": text("on")}, {"code": "end", "kind": "end"}
    close = {"name": "close", "to": "end", "label": text("close")}
    stages = [
        {"code": "in", "kind": "intake", "public": text("in"), "actions": [on, close]},
        {"code": "lost", "public": text("lost")},
        {**end, "public": text("end")},
    ]
    early = {"code": "why", "label": text("why"), "show_if": {"field": "what", "answered": True}}
    late = {"code": "what", "label": text("what")}
    pages = [{"code": "page", "title": text("page"), "fields": [early, late]}]
    assert problems_of(content_of(stages=stages, pages=pages, danger={}, pieces=[])) == ["danger"]
    content = content_of(stages=stages, pages=pages, pieces=[])
    content["danger"] = {"field": "what", "answered": True}
    assert problems_of(content) == [
        "fields.why.show_if",
        "stages.in.on",
        "stages.in.close",
        "stages.lost",
        "stages.lost",
    ]


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("code", "Eau", "code"),
        ("position", -1, "position"),
        ("identity", 4, "identity"),
        ("family", "other", "family"),
        ("fee", {"amount": "-3", "words": {"ar": "ا", "fr": "a", "en": "a"}}, "fee.amount"),
        ("fee", {"amount": "NaN", "words": {"ar": "ا", "fr": "a", "en": "a"}}, "fee.amount"),
        ("title", {"fr": "Fuite"}, "title"),
        ("title", {"fr": "a\0", "ar": "a", "en": "a"}, "title.fr"),
        ("departments", {"\0": "EAU"}, "departments"),
        ("needs", ["air"], "needs"),
        ("colour", "blue", "colour"),
        ("term", {"norm_days": 999999}, "term.norm_days"),
        ("department_by", "town", "department_by"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: Any, path: str) -> None:
    assert path in problems_of(content_of(**{name: value}))


@pytest.mark.parametrize(("name", "value"), [("pattern", "("), ("min", True), ("max", [1])])
def test_limits_of_a_field_are_looked_at(name: str, value: Any) -> None:
    content = content_of()
    content["pages"][0]["fields"][4][name] = value
    assert problems_of(content) == [f"pages.0.fields.4.{name}"]


@pytest.mark.parametrize(
    ("kind", "limit"), [("date", "soon"), ("date", "12"), ("number", "today"), ("text", "many")]
)
def test_a_limit_fits_its_field(kind: str, limit: str) -> None:
    content = content_of()
    content["pages"][0]["fields"].append(
        {"code": "extra", "type": kind, "min": limit, "label": text("extra")}
    )
    assert problems_of(content) == ["fields.extra.min"]


def test_a_condition_names_answers_that_can_be_given() -> None:
    content = content_of()
    content["danger"] = {"field": "danger", "in": ["si"]}
    content["pages"][0]["fields"].append(
        {"code": "extra", "label": text("extra"), "show_if": {"field": "problem", "in": ["lek"]}}
    )
    assert problems_of(content) == ["danger", "fields.extra.show_if"]


def test_each_choice_has_a_value_of_its_own() -> None:
    content = content_of()
    option = {"value": "one", "label": text("one")}
    field = {"code": "extra", "type": "choice", "label": text("extra"), "options": [option] * 2}
    content["pages"][0]["fields"].append(field)
    assert problems_of(content) == ["fields.extra.options"]


def test_a_file_that_is_no_toml_is_refused() -> None:
    for text in ("code = ", "a = 1\na = 2", "[" * 9000):
        with pytest.raises(BadServiceTypeError):
            from_toml(text)


def test_days_of_a_file_are_kept_as_text() -> None:
    assert from_toml("min = 2026-01-31") == {"min": "2026-01-31"}


def test_the_example_of_the_document_is_a_type() -> None:
    text = (ROOT / "docs" / "eservices.md").read_text()
    example = text.split("```toml\n")[1].split("```")[0]
    found = read_definition(from_toml(example))
    assert found.code == "street_lamp"
    assert from_toml(as_toml(from_toml(example))) == from_toml(example)


def test_the_document_names_every_word_of_the_grammar() -> None:
    text = (ROOT / "docs" / "eservices.md").read_text()
    grammar = text.split("### The grammar of a type")[1].split("A whole type:")[0]
    words = (*FAMILIES, *AUDIENCES, *NEEDS, *FIELD_TYPES, *STAGE_KINDS, *ROLES, *ACTION_NEEDS)
    assert [word for word in (*words, *OUTCOMES, *TRADES) if f"`{word}`" not in grammar] == []
