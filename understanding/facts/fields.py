"""All facts of a letter, field by field: which are read, in what order, and as what words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Final

from language.number_formats import NumberFormat, number_key
from understanding.facts.addressee import find_recipient
from understanding.facts.amounts import find_amounts
from understanding.facts.chosen_numbers import choose_number
from understanding.facts.correspondents import find_sender_details
from understanding.facts.doubted_numbers import unproven
from understanding.facts.earlier_letters import in_series
from understanding.facts.enclosures import find_enclosures
from understanding.facts.lines import text_lines
from understanding.facts.our_numbers import find_formatted, find_quoted_numbers
from understanding.facts.references import find_references
from understanding.facts.sender import read_sender
from understanding.facts.subject_dates import (
    Fact,
    find_document_date,
    find_hijri_date,
    find_place_of_writing,
    find_subject,
)
from understanding.facts.terms import find_deadline, find_urgency

# What each value is: words of the letter, unless said otherwise.
FACTS: Final = (
    "subject", "sender",
    "document_date",  # ISO date
    "quoted_number",  # ours, as `registry_number_key` writes it
    "external_reference",  # the sender's own
    "answers_reference",  # what the letter says it answers
    "document_date_hijri",  # 1447-07-03
    "place", "recipient", "sender_organisation",
    "sender_person",  # who writes or signs, also for a body
    "sender_role", "sender_address", "sender_email", "sender_phone", "customer_number",
    "deadline",  # ISO date, or ISO period (P15D) from receipt
    "urgency", "enclosure",
    "amount",  # 1234.50 MAD
)  # fmt: skip
MOST: Final = 100  # of one field: a text that names more is a list
LIKELY: Final = 0.5  # below it, what looks like a term is not one for us


def read_facts(
    text: str,
    *,
    today: datetime.date | None = None,
    register_codes: Sequence[str],
    number_formats: Sequence[NumberFormat] = (),
    lines: str = "",
) -> Iterator[tuple[str, Fact]]:
    """Yield every fact found, as (field of FACTS, fact); of one field the best comes first.

    `lines` is the text before `unwrapped` joined its lines, "" where that is `text` itself.
    """
    written = find_document_date(text, today=today)
    sender = read_sender(text)
    single = {
        "subject": find_subject(text),
        "sender": sender.main,
        "document_date": written,
        "sender_organisation": sender.organisation,
        "sender_person": sender.person,
        "sender_role": sender.role,
        "recipient": find_recipient(text),
        "place": find_place_of_writing(text),
    }
    yield from ((field, fact) for field, fact in single.items() if fact)
    references = find_references(text)
    found = find_quoted_numbers(text, register_codes=register_codes, lines=lines)
    quoted = _quoted(text, found, references, number_formats)
    yield from (("quoted_number", fact) for fact in quoted[:MOST])
    references += _by_place(text, references, quoted, body=sender.organisation is not None)
    references += _of_the_series(text, references, quoted)
    references = unproven(references, quoted, number_formats)
    yield from _references(references, ours=quoted)
    yield from find_sender_details(text).items()
    day = datetime.date.fromisoformat(written.value) if written else None
    if written and day and (hijri := find_hijri_date(text, day)):
        yield "document_date_hijri", Fact(hijri, written.score, written.reasons, written.words)
    yield from _wishes(text, day or today)
    yield from (("enclosure", fact) for fact in find_enclosures(text))
    yield from _amounts(text)


def _amounts(text: str) -> Iterator[tuple[str, Fact]]:
    for amount in find_amounts(text)[:MOST]:
        value = f"{amount.value:f} {amount.currency}"
        yield "amount", Fact(value, 0.9, ("currency",), amount.words)


def _quoted(
    text: str,
    found: Sequence[Fact],
    references: Sequence[tuple[str, Fact]],
    number_formats: Sequence[NumberFormat],
) -> list[Fact]:
    """Return the numbers of ours, `found` and in other formats; none that the sender labels."""
    quoted = [fact for fact in found if not _is_labelled_own(fact, references)]
    return quoted + find_formatted(text, number_formats, besides=quoted, references=references)


def _references(
    references: Sequence[tuple[str, Fact]], *, ours: Sequence[Fact]
) -> Iterator[tuple[str, Fact]]:
    """Yield the references by field; a number of ours is never the sender's own."""
    names = {"own": "external_reference", "their": "answers_reference"}
    keys = {number_key(fact.value) for fact in ours}
    seen = set()
    for whose, fact in sorted(references, key=lambda pair: -pair[1].score):
        if whose == "own" and number_key(fact.value) in keys:
            continue
        if "own_label" not in fact.reasons and _is_ours_misread(fact, ours):
            continue
        if (whose, fact.value) not in seen:
            seen.add((whose, fact.value))
            if len(seen) > MOST:
                return
            yield names[whose], fact


def _is_labelled_own(ours: Fact, references: Sequence[tuple[str, Fact]]) -> bool:
    """Return whether what may be a misread number of ours is one that the sender calls theirs."""
    return not _written_alike(ours) and any(
        "own_label" in fact.reasons and number_key(fact.value) == number_key(ours.words)
        for _, fact in references
    )


def _is_ours_misread(reference: Fact, ours: Sequence[Fact]) -> bool:
    """Return whether a reference is one of our numbers, or part of one, as a scan misread it."""
    read = number_key(reference.value)
    return any(
        "/" in read and read in number_key(one.words) and not _written_alike(one) for one in ours
    )


def _written_alike(ours: Fact) -> bool:
    """Return whether a number of ours stands in the letter as it is written, in any order."""
    parts = (sorted(number_key(one).split("/")) for one in (ours.value, ours.words))
    return next(parts) == next(parts)


def _names_own(references: Sequence[tuple[str, Fact]], ours: Sequence[Fact]) -> bool:
    """Return whether a rule found the letter's own number, other than a paper that it names."""
    keys = {number_key(fact.value) for fact in ours}
    return any(
        whose == "own" and "named_paper" not in fact.reasons and number_key(fact.value) not in keys
        for whose, fact in references
    )


def _by_place(
    text: str, references: Sequence[tuple[str, Fact]], ours: Sequence[Fact], *, body: bool
) -> list[tuple[str, Fact]]:
    """Return the letter's own number by its place and its form, where no rule found one."""
    if _names_own(references, ours):
        return []
    answered = [fact for whose, fact in references if whose == "their"]
    others = {number_key(one) for fact in [*answered, *ours] for one in (fact.value, fact.words)}
    found = choose_number(text, body=body, others=others)
    return [("own", found)] if found else []


def _of_the_series(
    text: str, references: Sequence[tuple[str, Fact]], ours: Sequence[Fact]
) -> list[tuple[str, Fact]]:
    """Return earlier letters of the writer, whose numbers are made as the letter's own."""
    told = [(whose, fact) for whose, fact in references if "named_paper" not in fact.reasons]
    own = [fact.value for whose, fact in told if whose == "own"]
    known = {number_key(one) for fact in ours for one in (fact.value, fact.words)}
    known |= {number_key(fact.value) for _, fact in told}
    return [("their", fact) for fact in in_series(text_lines(text), own, known)] if own else []


def _wishes(text: str, day: datetime.date | None) -> Iterator[tuple[str, Fact]]:
    term = find_deadline(text, written=day)
    if term and term.score >= LIKELY:
        value = term.date.isoformat() if term.date else f"P{term.days}D"
        yield "deadline", Fact(value, term.score, ("term",), term.words)
    urgent = find_urgency(text)
    if urgent and urgent[1] >= LIKELY:
        yield "urgency", Fact(urgent[0], urgent[1], ("urgent_words",), urgent[0])
