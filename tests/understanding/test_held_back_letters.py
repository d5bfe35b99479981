"""The held-back letters say only what stands in them, so that a wrong key never judges the code."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.every import each

Letter = dict[str, Any]

LETTERS: list[Letter] = [
    json.loads(line)
    for line in (Path(__file__).parent / "letters_held_back_facts.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
DEPARTMENTS = {
    *("DG", "BO", "EAU", "ELEC", "ASS", "COM", "REC", "CPT"),
    *("BRT", "TRX", "ACH", "JUR", "RH", "FIN", "SI"),
}
KINDS = {
    *("request", "complaint_technical", "complaint_commercial", "enquiry", "suggestion"),
    *("administrative", "legal_notice", "invoice", "quotation", "tender", "application"),
    *("reminder", "circular", "other"),
}
LANGUAGES = {"ar", "fr", "both", "en"}
SENDER = {"name", "organisation", "role", "address", "phone", "email", "customer_number"}
KEY = re.compile(r"(20\d\d)/(IN|OUT|INT)/([1-9]\d*)")


def _of_each_letter(check: Callable[[Letter], None]) -> Callable[[], None]:
    """One test of all letters."""

    def test() -> None:
        each(LETTERS, check, named=lambda letter: letter["id"])

    return test


def _digits(text: str) -> str:
    """The digits of `text` in ASCII, whatever script they stand in."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())


def _numbers(text: str) -> set[int]:
    """The whole numbers that stand in `text`, in any script."""
    return {int(_digits(run)) for run in re.findall(r"\d+", text)}


def _quoted(facts: Letter) -> list[str]:
    """Every fact that has to stand in the text word for word."""
    single = [facts[field] for field in ("subject", "recipient", "place", "document_date_text")]
    listed = [
        quote
        for field in ("external_references", "answers_references", "enclosures")
        for quote in facts[field]
    ]
    amounts = [amount["text"] for amount in facts["amounts"]]
    deadline = [facts["deadline"]["text"]] if facts["deadline"] else []
    every = [*single, *facts["sender"].values(), *listed, *amounts, *deadline]
    return [quote for quote in every if quote is not None]


def test_each_department_has_its_ten_letters_and_no_letter_stands_twice() -> None:
    per_department = Counter(letter["department"] for letter in LETTERS)
    assert per_department == dict.fromkeys(DEPARTMENTS, 10)
    assert {letter["kind"] for letter in LETTERS} == KINDS
    assert {letter["language"] for letter in LETTERS} == LANGUAGES
    assert len({letter["id"] for letter in LETTERS}) == len(LETTERS)
    assert len({letter["text"] for letter in LETTERS}) == len(LETTERS)


@_of_each_letter
def test_codes_are_those_of_the_office(letter: Letter) -> None:
    assert set(letter["acceptable"]) <= DEPARTMENTS - {letter["department"]}
    assert set(letter["facts"]["sender"]) <= SENDER


@_of_each_letter
def test_facts_stand_in_the_text_word_for_word(letter: Letter) -> None:
    quotes = _quoted(letter["facts"])
    assert [quote for quote in quotes if quote not in letter["text"]] == []
    assert [quote for quote in quotes if quote != quote.strip() or not quote] == []


@_of_each_letter
def test_the_written_date_is_the_date_given(letter: Letter) -> None:
    facts = letter["facts"]
    if facts["document_date"] is None:
        assert facts["document_date_text"] is facts["document_date_calendar"] is None
        return
    date = datetime.date.fromisoformat(facts["document_date"])
    assert facts["document_date_calendar"] in {"gregorian", "hijri"}
    if facts["document_date_calendar"] == "gregorian":
        written = _numbers(facts["document_date_text"])
        assert date.day in written
        assert date.year in written or date.year % 100 in written


@_of_each_letter
def test_our_numbers_stand_in_the_text_in_some_notation(letter: Letter) -> None:
    runs = [int(run) for run in re.findall(r"\d+", letter["text"])]
    for key in letter["facts"]["our_references"]:
        match = KEY.fullmatch(key)
        assert match, key
        assert {int(match[1]), int(match[3])} <= set(runs)


@_of_each_letter
def test_amounts_and_terms_are_the_figures_written(letter: Letter) -> None:
    for amount in letter["facts"]["amounts"]:
        written = _digits(amount["text"])
        cents = f"{amount['value']:.2f}".replace(".", "")
        assert written in {"", cents, cents[:-1], cents[:-2]}, amount
    term = letter["facts"]["deadline"]
    if term and term["days"] and _numbers(term["text"]):
        in_hours = term["days"] * 24
        assert {term["days"], in_hours} & _numbers(term["text"])
    if term and term["date"]:
        assert datetime.date.fromisoformat(term["date"]).day in _numbers(term["text"])
