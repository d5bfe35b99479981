"""Answers are checked as their type asks, kept in one form, and never break the check."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import eservices.catalogue
from eservices.catalogue.answers import Checked, check_answers
from eservices.catalogue.conditions import shown_fields
from eservices.catalogue.definition import (
    FIELD_TYPES,
    Condition,
    Definition,
    Field,
    Option,
    Page,
    Piece,
    Term,
    Text,
)
from eservices.catalogue.reading import read_definition

WATER = Path(eservices.catalogue.__file__).parent / "types" / "complaint_water.toml"
OPTIONS = (Option("a", Text(fr="A")), Option("b", Text(fr="B")))


def type_with(*fields: Field, pieces: tuple[Piece, ...] = ()) -> Definition:
    page = Page("one", Text(fr="Une"), fields)
    text = Text(fr="X")
    return Definition("x", "letter", text, text, (), (), (), (page,), pieces, (), Term())


def field(kind: str, **more: Any) -> Field:
    options = OPTIONS if kind in ("choice", "several") else ()
    return Field("f", kind, Text(fr="F"), options=options, **more)


def check(one: Field, value: Any, language: str = "fr") -> Checked:
    return check_answers(type_with(one), {"f": value}, language=language)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "  une\u00a0 ligne\n", "une ligne"),
        ("long_text", "deux\r\nlignes", "deux\nlignes"),
        ("long_text", "fui" + "\u0301" * 90 + "te", "fui" + "\u0301" * 5 + "te"),
        ("number", "١٢٫٥", 12.5),
        ("number", "12 000", 12000),
        ("money", "1 234,5", "1234.50"),
        ("money", "٢٠", "20.00"),
        ("money", "1.234,50 DH", "1234.50"),
        ("money", "\u200f١٬٢٣٤٫٥٠ درهم", "1234.50"),
        ("number", "1.234,5", 1234.5),
        ("meter_index", "٠٤٥٢٣", 4523),
        ("date", "31/12/2025", "2025-12-31"),
        ("date", "٢٠٢٥-٠١-٠٥", "2025-01-05"),
        ("choice", "a", "a"),
        ("several", ["b", "a", "b"], ["a", "b"]),
        ("several", "b", ["b"]),
        ("yes_no", "no", False),
        ("yes_no", True, True),
        ("contract", " ab ١٢٣-4 ", "AB 123-4"),
        ("phone", "+212 6 12 34 56 78", "0612345678"),
        ("email", " A@Example.MA ", "a@example.ma"),
        ("address", "12, rue X", {"text": "12, rue X"}),
        (
            "address",
            {"text": "ici", "latitude": "33.2316", "longitude": -8.5007},
            {"text": "ici", "latitude": 33.2316, "longitude": -8.5007},
        ),
        ("declaration", "on", True),
    ],
)
def test_an_answer_is_kept_in_one_form(kind: str, value: Any, kept: Any) -> None:
    found = check(field(kind, required=True), value)
    assert (found.values, found.errors) == ({"f": kept}, {})


@pytest.mark.parametrize(
    ("kind", "value", "more"),
    [
        ("text", "x" * 301, {}),
        ("text", "abc", {"pattern": "[0-9]+"}),
        ("text", f"{'a' * 99}1", {"pattern": "([A-Za-z]+ ?)+"}),  # ways without number to fit
        ("text", f"{'a' * 199}b", {"pattern": "(a|aa)+$"}),  # given up
        ("text", "ab", {"pattern": r"(a)\1"}),
        ("text", "ab", {"least": "3"}),
        ("number", "douze", {}),
        ("number", float("nan"), {}),
        ("number", 10**400, {}),
        ("number", "5", {"least": "6"}),
        ("money", "1.234", {}),
        ("money", "-1", {}),
        ("money", f"1{' ' * 4_000}2 DH", {}),
        ("money", "1,50.00", {}),
        ("number", f"1{' ' * 4_000}2", {}),
        ("meter_index", "12.5", {}),
        ("date", "2025-02-30", {}),
        ("date", str(timezone.localdate() + timedelta(days=3)), {"most": "today"}),
        ("choice", "c", {}),
        ("several", ["a", "c"], {}),
        ("yes_no", "perhaps", {}),
        ("contract", "sans numero", {}),
        ("phone", "12", {}),
        ("phone", "06 12 34 56 7", {}),
        ("email", "nobody", {}),
        ("address", {"text": "x", "latitude": 91, "longitude": 0}, {}),
        ("address", {"text": "x", "latitude": 9}, {}),
        ("address", {"latitude": 9, "longitude": 9}, {"required": True}),
        ("declaration", "no", {"required": True}),
        ("declaration", None, {"required": True}),
        ("text", " ", {"required": True}),
        ("text", {"a": 1}, {}),
    ],
)
def test_what_is_wrong_is_said_of_its_field(kind: str, value: Any, more: Any) -> None:
    found = check(field(kind, **more), value)
    assert set(found.errors) == {"f"}
    assert found.values == {}


def test_a_day_may_not_lie_before_the_one_that_it_follows() -> None:
    definition = type_with(
        Field("from", "date", Text(fr="Du")), Field("to", "date", Text(fr="Au"), least="from")
    )

    def wrong(start: str, end: str) -> set[str]:
        found = check_answers(definition, {"from": start, "to": end}, language="fr")
        return set(found.errors)

    assert wrong("10/03/2026", "09/03/2026") == {"to"}
    assert wrong("10/03/2026", "10/03/2026") == set()
    assert wrong("", "09/03/2026") == set()
    assert wrong("31/02/2026", "09/03/2026") == {"from"}


def test_works_do_not_end_before_they_start_nor_an_account_before_its_first_day() -> None:
    today = timezone.localdate()
    for code, fields, days in (
        ("works_permit", ("starts_on", "ends_on"), (today + timedelta(days=9), today)),
        ("statement", ("from", "to"), (today, today - timedelta(days=9))),
    ):
        answers = dict(zip(fields, map(str, days), strict=True))
        toml = (WATER.parent / f"{code}.toml").read_text()
        found = check_answers(read_definition(tomllib.loads(toml)), answers, language="ar")
        assert set(found.errors) & set(fields) == {fields[1]}


def test_words_are_in_the_language_of_the_person() -> None:
    one = field("choice", required=True)
    said = {language: check(one, "", language).errors["f"] for language in ("ar", "fr", "en")}
    assert said["en"] == "Choose an answer."
    assert len(set(said.values())) == 3
    assert any("\u0600" <= sign <= "\u06ff" for sign in said["ar"])


def test_what_is_hidden_is_dropped_and_what_is_unknown_is_an_error() -> None:
    asked = Field("asked", "yes_no", Text(fr="?"))
    more = Field("more", "text", Text(fr="+"), required=True, show_if=Condition("asked", ("yes",)))
    definition = type_with(asked, more)
    found = check_answers(definition, {"asked": "no", "more": "text", "other": "1"}, language="fr")
    assert found.values == {"asked": False}
    assert (found.dropped, set(found.errors)) == (["more"], {"other"})
    shown = check_answers(definition, {"asked": "yes"}, language="fr")
    assert set(shown.errors) == {"more"}


def test_pieces_are_asked_for_where_they_belong() -> None:
    asked = Field("asked", "yes_no", Text(fr="?"))
    plan = Piece("plan", Text(fr="Plan"), required=True, show_if=Condition("asked", ("yes",)))
    definition = type_with(asked, pieces=(plan,))

    def found(answer: str, *codes: str) -> Checked:
        return check_answers(definition, {"asked": answer}, language="fr", piece_codes=codes)

    assert set(found("yes").errors) == {"plan"}
    assert found("yes", "plan").errors == {}
    assert found("no", "plan").dropped == ["plan"]
    assert set(found("no", "else").errors) == {"else"}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a", "b", "yes", "no", "0612345678", "00 00123456", "2025-01-05", "12,5"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "latitude", "longitude"]) | st.text(max_size=5),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
CODES = [f"f{number}" for number in range(8)]


@st.composite
def forms(draw: st.DrawFn) -> Definition:
    """Draw a form of some pages whose conditions hang on fields that come before."""
    fields: list[Field] = []
    pages: list[Page] = []
    for number in range(draw(st.integers(1, 3))):
        shown = _condition(draw, fields)
        own = []
        for _ in range(draw(st.integers(1, 3))):
            if len(fields) == len(CODES):
                break
            kind = draw(st.sampled_from(FIELD_TYPES))
            one = Field(
                CODES[len(fields)],
                kind,
                Text(fr="F"),
                required=draw(st.booleans()),
                options=OPTIONS if kind in ("choice", "several") else (),
                show_if=_condition(draw, fields),
            )
            own.append(one)
            fields.append(one)
        pages.append(Page(f"p{number}", Text(fr="P"), tuple(own), show_if=shown))
    text = Text(fr="X")
    return Definition("x", "letter", text, text, (), (), (), tuple(pages), (), (), Term())


def _condition(draw: st.DrawFn, before: list[Field]) -> Condition | None:
    if not before or draw(st.booleans()):
        return None
    on = draw(st.sampled_from(before)).code
    if draw(st.booleans()):
        return Condition(on, any_answer=True, negated=draw(st.booleans()))
    return Condition(on, ("yes", "a"), negated=draw(st.booleans()))


@given(forms(), st.dictionaries(st.sampled_from(CODES) | st.text(max_size=4), VALUES, max_size=8))
def test_any_json_is_checked_and_hidden_fields_are_those_of_the_conditions(
    definition: Definition, answers: dict[str, Any]
) -> None:
    found = check_answers(definition, answers, language="en")
    shown = {one.code for one in shown_fields(definition, found.values)}
    fields = {one.code for one in definition.fields()}
    assert set(found.values) <= shown
    assert set(found.errors) & fields <= shown
    assert not set(found.dropped) & shown
    assert {one.code for one in definition.fields() if one.required} & shown <= (
        set(found.values) | set(found.errors)
    )
    json.dumps([found.values, found.errors], allow_nan=False).encode()


@given(forms(), st.dictionaries(st.sampled_from(CODES), VALUES, max_size=8))
def test_its_own_values_are_taken_as_they_are(
    definition: Definition, answers: dict[str, Any]
) -> None:
    once = check_answers(definition, answers, language="en").values
    again = check_answers(definition, json.loads(json.dumps(once)), language="en")
    assert again.values == once
    assert again.dropped == []
    assert not set(again.errors) & set(once)


@pytest.mark.parametrize("given_", [None, [], "text", 3, {"\ud800": 1}, {"": "x"}])
def test_what_is_no_form_at_all_is_an_error(given_: Any) -> None:
    assert check_answers(type_with(field("text")), given_, language="ar").errors


def test_the_water_complaint_asks_where_the_leak_is() -> None:
    definition = read_definition(tomllib.loads(WATER.read_text()))
    leak = {"danger": "no", "problem": "leak", "description": "Fuite", "place": "Rue X"}
    assert set(check_answers(definition, leak, language="fr").errors) == {"where_leaks"}
    cut = check_answers(definition, {**leak, "problem": "cut"}, language="fr", piece_codes=[])
    assert cut.errors == {}
