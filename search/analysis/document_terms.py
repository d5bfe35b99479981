"""Analysis of written words into the tokens of both engines: folded and stemmed once, here."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Final

from language.arabic_words import OF_FAITH
from language.dates import days_listed_before, find_dates
from language.stems import indexed_forms
from language.tokens import Token, tokenize
from search.analysis.name_terms import name_terms, names_in_text
from search.analysis.numbers import account_numbers, phone_or_number, written_numbers
from search.analysis.references import number_terms, reference_key, reference_keys
from search.contract import SearchDocument
from search.terms import Terms

# Stands in every index; a change of this number, or of what the functions here return for the
# same text, asks for a rebuild (`manage rebuild_index`).
SCHEMA_VERSION: Final = 3
LONGEST_TOKEN: Final = 100
# About 2,500 dense pages; what is longer is indexed up to here.
LONGEST_TEXT: Final = 8_000_000
# Dates are looked for up to here.
_DATED: Final = 100_000
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)|\d\s?[/.\-–]\s?\d\d?\s?[/.\-–]\s?\d\d(?!\d)")
_BEFORE_YEAR: Final = 45  # characters: day, month and small words
_BEHIND_YEAR: Final = 15
_FAITH: Final = "الدين"


def analyse(document: SearchDocument) -> Terms:
    """Return the terms under which a letter is found."""
    number, subject = _Words(document.number), _Words(document.subject)
    people = _Words(document.parties)
    reference, text = _Words(document.reference), _Words(document.text[:LONGEST_TEXT])
    parts = (number, subject, people, reference, text)
    return Terms(
        number_keys=number_terms(document.number),
        words=tuple(" ".join(part.words) for part in parts if part.words),
        stems=" ".join(stem for part in parts for stem in part.stems()),
        subject=" ".join(subject.words),
        subject_stems=" ".join(subject.stems()),
        people=" ".join((*people.words, *reference.words)),
        sender=_party(document.sender),
        proposed=_party("" if document.sender else document.proposed_sender),
        recipients=_party(document.recipients),
        reference=" ".join(reference.words),
        names=_names(document, subject, text),
        keys=tuple(sorted({key for part in parts for key in part.numbers()} | _dates(document))),
    )


def _party(text: str) -> str:
    words = _Words(text)
    keys = {key for line in text.splitlines() for key in name_terms(line)}
    terms = (*words.words, *(f"s_{stem}" for stem in words.stems()), *(f"n_{k}" for k in keys))
    return " ".join(dict.fromkeys(terms))


def _names(document: SearchDocument, *told: "_Words") -> tuple[str, ...]:
    keys = {key for line in document.parties.splitlines() for key in name_terms(line)}
    return tuple(sorted(keys.union(*(names_in_text(part.text, part.tokens) for part in told))))


def _dates(document: SearchDocument) -> set[str]:
    texts = (document.subject, *_dated_pieces(document.text[:_DATED]))
    dates = [(text, date) for text in texts for date in find_dates(text)]
    found = {day_term(date.value) for _, date in dates}
    found |= {day_term(day) for text, date in dates for day in days_listed_before(text, date)}
    return found | ({day_term(document.written_on)} if document.written_on else set())


def _dated_pieces(text: str) -> Iterator[str]:
    """Yield where a date may stand: around a year, or numbers that one ends.

    Most of a text has none.
    """
    begin = end = 0
    for year in _YEAR.finditer(text):
        first, last = max(year.start() - _BEFORE_YEAR, 0), year.end() + _BEHIND_YEAR
        if first > end:
            yield _whole_words(text, begin, end)
            begin = first
        end = last
    yield _whole_words(text, begin, end)


def _whole_words(text: str, begin: int, end: int) -> str:
    while 0 < begin < len(text) and not text[begin - 1].isspace():
        begin -= 1
    while 0 < end < len(text) and not text[end].isspace():
        end += 1
    return text[begin:end]


def day_term(day: datetime.date) -> str:
    """Return a date as one plain token."""
    return f"d{day:%Y%m%d}"


class _Words:
    """The tokens of one part of a letter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [token for token in tokenize(text) if not token.whole]
        self.words = [word for token in self.tokens for word in plain_words(token)]

    def numbers(self) -> Iterable[str]:
        """Yield its references, and its numbers without leading zeros, signs and country codes."""
        yield from reference_keys(self.text)
        long = (word for word in self.words if word.isdecimal() and word.startswith(("0", "212")))
        yield from (phone_or_number(word) for word in long)
        yield from (key for written in written_numbers(self.text) for key in written.keys)
        yield from (reference_key(number) for number in account_numbers(self.text))

    def stems(self) -> Iterable[str]:
        before = ""
        for word in self.words:
            if word != _FAITH or not _named_so(before):
                yield from indexed_forms(word)
            before = word


def _named_so(before: str) -> bool:
    """Return whether this word before الدين makes it a name, also after a particle: لنور."""
    return before in OF_FAITH or before[1:] in OF_FAITH


def plain_words(token: Token) -> list[str]:
    """Return the folded word or words of one token: a sign such as ½ folds to several."""
    folded = token.folded
    if folded.isalnum():
        return [folded[:LONGEST_TOKEN]]
    pieces = "".join(char if char.isalnum() else " " for char in folded).split()
    return [piece[:LONGEST_TOKEN] for piece in pieces]
