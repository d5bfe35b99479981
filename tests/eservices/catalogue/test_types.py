"""The service types that ship: each is whole, leads to an end, and reads well in each language."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eservices.catalogue.conditions import shown_fields, shown_pieces
from eservices.catalogue.definition import Condition, Definition, Stage, Text
from eservices.catalogue.reading import read_definition

ROOT = Path(__file__).resolve().parents[3]
TYPES = ROOT / "eservices" / "catalogue" / "types"
STARTING_SETS = ROOT / "org" / "starting_sets"
CODES = {
    *("enquiry", "suggestion", "complaint_bill", "complaint_water", "complaint_electricity"),
    *("complaint_sewage", "complaint_staff", "self_reading", "pay_bill", "duplicate_bill"),
    *("statement", "connection_water", "connection_electricity", "connection_sewage"),
    *("subscription", "cancellation", "change_holder", "meter_check", "instalments"),
    *("works_permit", "developer_file", "institutional_request", "information_request"),
    "free_letter",
}
LONGEST = {"title": 90, "summary": 200, "label": 90, "public": 90, "internal": 60, "help": 220}
CONNECTION = [
    *("received", "pieces", "visit", "quotation", "quotation_sent", "payment", "to_plan"),
    *("works", "meter_set", "active"),
]
PERMIT = [
    *("received", "instruction", "pieces", "opinion", "quotation", "quotation_sent", "payment"),
    *("works", "technical_acceptance", "provisional_acceptance", "final_acceptance"),
]
COMMERCIAL = [
    *("received", "qualified", "in_review", "pieces", "decision", "call_back"),
    *("call_back_refused", "closed"),
]
TECHNICAL = ["received", "triage", "on_site", "repaired", "call_back", "closed"]
WALKS = {
    "enquiry": ["received", "answering", "answered"],
    "suggestion": ["received", "answering", "answered"],
    "complaint_bill": COMMERCIAL,
    "complaint_staff": COMMERCIAL,
    "complaint_water": TECHNICAL,
    "complaint_electricity": TECHNICAL,
    "complaint_sewage": TECHNICAL,
    "self_reading": ["received", "checked", "approved", "declined"],
    "connection_water": CONNECTION,
    "connection_electricity": CONNECTION,
    "subscription": ["received", "pieces", "contract", "payment", "to_open", "opening", "active"],
    "cancellation": ["received", "pieces", "final_reading", "final_bill", "payment", "refund"],
    "statement": ["received", "delivered"],
    "duplicate_bill": ["received", "delivered"],
    "works_permit": PERMIT,
    "developer_file": [*PERMIT, "meters"],
    "institutional_request": ["received", "instruction", "pieces", "decision", "delivery"],
}


@cache
def content(code: str) -> dict[str, Any]:
    return tomllib.loads((TYPES / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def definition(code: str) -> Definition:
    return read_definition(content(code))


def texts(given: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the path and words of all texts; lists of search words are none."""
    if isinstance(given, dict):
        if set(given) & {"ar", "fr", "en"} and all(isinstance(one, str) for one in given.values()):
            yield path, given
            return
        for name, value in given.items():
            yield from texts(value, f"{path}.{name}" if path else name)
    elif isinstance(given, list):
        for at, value in enumerate(given):
            yield from texts(value, f"{path}.{at}")


def conditions(found: Definition) -> Iterator[Condition]:
    shown = [page.show_if for page in found.pages] + [piece.show_if for piece in found.pieces]
    yield from filter(None, [*shown, *(one.show_if for one in found.fields())])
    if found.danger:
        yield found.danger


def way_to_an_end(found: Definition, start: Stage) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        stage = waiting.pop()
        if stage.kind == "end":
            return True
        if stage.code not in seen:
            seen.add(stage.code)
            waiting += [found.stage(action.to) for action in stage.actions]
    return False


def test_the_twenty_four_services_ship() -> None:
    assert {path.stem for path in TYPES.glob("*.toml")} == CODES
    assert {definition(code).code for code in CODES} == CODES
    assert len({definition(code).position for code in CODES}) == len(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
class TestEachType:
    def test_says_everything_in_three_languages(self, code: str) -> None:
        found = definition(code)
        for path, words in texts(content(code)):
            assert set(words) == {"ar", "fr", "en"}, path
            assert all(one.strip() for one in words.values()), path
        for text in (found.law, found.before, found.done, found.term.words):
            assert isinstance(text, Text)
            assert text
        assert all(stage.internal for stage in found.stages)
        assert 2 <= len(found.knowledge) <= 4

    def test_says_it_within_sane_lengths(self, code: str) -> None:
        for path, words in texts(content(code)):
            most = LONGEST.get(path.split(".")[-1], 300)
            assert max(map(len, words.values())) <= most, path

    def test_says_it_in_clean_french(self, code: str) -> None:
        for path, words in texts(content(code)):
            french = words["fr"]
            assert "'" not in french, path
            assert not re.search(r"[^\u00a0\u202f][:;?!»](\s|$)", french), path
            assert not re.search(r"«[^\u00a0\u202f]|  |\.\.\.|--", french), path

    def test_says_it_in_clean_arabic_and_english(self, code: str) -> None:
        for path, words in texts(content(code)):
            assert not re.search(r"[?;,]", words["ar"]), path
            assert re.search(r"[\u0621-\u064a]", words["ar"]), path
            assert "'" not in words["en"], path
            assert not re.search(r"[\u0621-\u064a]", words["fr"] + words["en"]), path

    def test_has_no_stage_from_which_no_end_is_reached(self, code: str) -> None:
        found = definition(code)
        assert [s.code for s in found.stages if not way_to_an_end(found, s)] == []

    def test_has_an_end_for_what_is_withdrawn(self, code: str) -> None:
        assert definition(code).stage("closed").kind == "end"

    def test_can_refuse_with_a_reason_where_it_decides(self, code: str) -> None:
        for stage in definition(code).stages:
            ways = [action for action in stage.actions if action.outcome == "refused"]
            assert all("reason" in action.needs for action in ways)
            if stage.kind == "decision" and "acceptance" not in stage.code:
                assert ways, stage.code

    def test_gives_work_to_a_team_where_it_enters_the_field(self, code: str) -> None:
        found = definition(code)
        for stage in found.stages:
            for action in stage.actions:
                if found.stage(action.to).kind == "field":
                    assert "work_order" in action.needs, (stage.code, action.name)

    def test_lets_the_citizen_move_on_what_waits_for_them(self, code: str) -> None:
        for stage in definition(code).stages:
            if stage.kind == "waiting_citizen":
                assert any("citizen" in action.roles for action in stage.actions), stage.code
            if stage.kind == "payment":
                roles = {role for action in stage.actions for role in action.roles}
                assert {"system", "office"} <= roles

    def test_walks_the_stages_of_its_family(self, code: str) -> None:
        wanted = WALKS.get(code, ["received"])
        stages = [stage.code for stage in definition(code).stages]
        assert [stage for stage in stages if stage in wanted] == wanted

    def test_names_departments_and_kinds_that_the_utility_has(self, code: str) -> None:
        utility = tomllib.loads((STARTING_SETS / "utility.toml").read_text(encoding="utf-8"))
        kinds = tomllib.loads((STARTING_SETS / "kinds.toml").read_text(encoding="utf-8"))
        found = definition(code)
        known = {row["code"] for row in utility["departments"]}
        if code == "free_letter":  # the only one that is left to the rules and the classifier
            assert not found.department
            assert not found.kind
        else:
            assert found.kind in {row["code"] for row in kinds["kinds"]}
            assert {found.department, *found.departments.values()} <= known
        asked = {one.code: one for one in found.fields()}
        if found.department_by:
            options = {option.value for option in asked[found.department_by].options}
            assert set(found.departments) <= options

    def test_asks_conditions_that_can_hold(self, code: str) -> None:
        found = definition(code)
        asked = {one.code: one for one in found.fields()}
        for condition in conditions(found):
            field = asked[condition.field]
            values = {option.value for option in field.options} or {"yes", "no"}
            assert set(condition.values) <= values, condition

    def test_is_a_short_form_with_little_that_must_be_answered(self, code: str) -> None:
        found = definition(code)
        assert 1 <= len(found.pages) <= 3
        assert len(shown_fields(found, {})) <= 14
        assert sum(piece.required for piece in shown_pieces(found, {})) <= 5

    def test_tells_the_law_and_promises_nothing_beyond_it(self, code: str) -> None:
        found = definition(code)
        term = found.term
        assert (term.legal_days, term.unit) == (
            (20, "working") if code == "information_request" else (60, "calendar")
        )
        assert 0 < term.norm_days <= term.legal_days
        assert term.silence == ("granted" if code == "works_permit" else "")
        assert found.fee is None or not found.fee.amount  # tariffs stay in the billing system

    def test_has_enough_words_to_be_found_by(self, code: str) -> None:
        found = definition(code)
        for language in ("ar", "fr", "en"):
            assert len(found.keywords[language]) >= 3
            assert 10 <= len(found.synonyms[language]) <= 25, language
        assert any(re.fullmatch(r"[a-z0-9' ]+", one) for one in found.synonyms["ar"])


def test_no_two_services_are_found_by_the_same_words() -> None:
    owner: dict[tuple[str, str], str] = {}
    for code in sorted(CODES):
        for language, words in definition(code).synonyms.items():
            assert len({one.casefold() for one in words}) == len(words), (code, language)
            for one in words:
                assert owner.setdefault((language, one.casefold()), code) == code, one


def test_danger_is_asked_first_where_there_can_be_some() -> None:
    for code in ("complaint_electricity", "complaint_water", "complaint_sewage"):
        found = definition(code)
        assert next(found.fields()).code == "danger"
        assert found.danger == Condition("danger", ("yes",))
        assert any("work_order" in action.needs for action in found.first.actions)


def test_files_of_several_trades_ask_for_them_and_name_a_child_that_ships() -> None:
    for code in ("works_permit", "developer_file", "institutional_request"):
        found = definition(code)
        assert found.trades == ("water", "electricity", "sewage")
        assert found.child in CODES - {code}


def test_who_may_see_personal_data_is_verified_first() -> None:
    asked = {code for code in CODES if definition(code).identity}
    assert asked == {"statement", "duplicate_bill", "change_holder", "cancellation"}
