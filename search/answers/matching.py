"""Which words of a text answer a query: as written, in another form, as a name, or with a typo."""

from collections.abc import Iterable
from typing import Final

from language.dates import FoundDate, find_dates
from language.nearness import within
from language.stems import indexed_forms
from language.tokens import Token, tokenize
from search.query.name_terms import name_terms
from search.query.parsing import Day, Name, ParsedQuery, Party, Phrase, Prefix, Reference, Word

# Far into a book nobody waits for an excerpt.
LOOKED_AT: Final = 200_000
MOST_MARKS: Final = 400
# Comparing letter by letter is dear: only so many words are.
_COMPARED: Final = 5_000

Mark = tuple[Token, str]


def marks_in(text: str, parsed: ParsedQuery) -> list[Mark]:
    """The words of `text` that answer, in their order, each with the clause that it answers.

    Names in other letters and typos are looked for only where the clause has no better answer.
    """
    tokens = [token for token in tokenize(text[:LOOKED_AT]) if not token.whole]
    plain = _Plain(parsed)
    days = _days(text, parsed)
    marks = [
        (token, reason)
        for token in tokens
        if (reason := plain.reason(token.folded) or _dated(token, days))
    ]
    marks = marks[:MOST_MARKS]
    answered = {reason for _, reason in marks}
    missing = [word for word in _words(parsed) if word.text not in answered]
    if missing:
        names = _keys(parsed, missing)
        nearby = [
            (token, reason)
            for token in tokens[:_COMPARED]
            if (reason := _near(token.folded, missing) or _named(token.folded, names))
        ]
        marks = sorted([*marks, *nearby[:MOST_MARKS]], key=lambda mark: mark[0].start)
    return marks


def _days(text: str, parsed: ParsedQuery) -> list[FoundDate]:
    """Where the days that were asked for stand in the text, in any notation."""
    asked = {clause.value for clause in parsed.must if isinstance(clause, Day)}
    return [date for date in find_dates(text[:LOOKED_AT]) if date.value in asked] if asked else []


def _dated(token: Token, days: list[FoundDate]) -> str:
    return next((day.value.isoformat() for day in days if day.start <= token.start < day.end), "")


def _words(parsed: ParsedQuery) -> list[Word]:
    found: list[Word] = []
    for clause in parsed.must:
        if isinstance(clause, Word):
            found.append(clause)
        elif isinstance(clause, Name | Party):
            found.extend(clause.words)
    return found


class _Plain:
    """Words as typed and their stems; a word's reason is the clause it answers."""

    def __init__(self, parsed: ParsedQuery) -> None:
        self.words: dict[str, str] = {}
        self.stems: dict[str, str] = {}
        self.prefixes: list[str] = []
        for word in _words(parsed):
            self.words[word.text] = word.text
            self.stems |= dict.fromkeys(word.stems, word.text)
        for clause in parsed.must:
            if isinstance(clause, Phrase | Reference | Day):
                self.words |= dict.fromkeys(clause.words, " ".join(clause.words))
            elif isinstance(clause, Prefix):
                self.prefixes.append(clause.text)

    def reason(self, word: str) -> str:
        if word in self.words:
            return self.words[word]
        if self.stems:
            for stem in indexed_forms(word):
                if stem in self.stems:
                    return self.stems[stem]
        return next((prefix for prefix in self.prefixes if word.startswith(prefix)), "")


def _near(word: str, wanted: Iterable[Word]) -> str:
    return next((one.text for one in wanted if is_typo(word, one)), "")


def _keys(parsed: ParsedQuery, missing: list[Word]) -> dict[str, str]:
    """What spellings of the missing names share → the word that they answer."""
    keys = {key: word.text for word in missing for key in word.names}
    for clause in parsed.must:
        if isinstance(clause, Name) and any(word in missing for word in clause.words):
            keys |= dict.fromkeys(clause.keys, clause.words[-1].text)
    return keys


def _named(word: str, keys: dict[str, str]) -> str:
    if not keys or len(word) < 3 or not word.isalpha():
        return ""
    return next((keys[key] for key in name_terms(word) if key in keys), "")


def is_typo(word: str, wanted: Word) -> bool:
    """Whether a folded word of a text may be the wanted one with a letter or two wrong."""
    if wanted.typos and within(word, wanted.text, wanted.typos):
        return True
    typos = wanted.stem_typos
    return bool(typos) and any(within(stem, wanted.stems[0], typos) for stem in indexed_forms(word))
