"""Which words of a text match a query: as written, in another form, as a name, or with a typo."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from language.arabic_attached import before_beginning, behind_particles
from language.dates import find_dates
from language.fold import fold_word
from language.nearness import misread, within
from language.stems import Meeting, indexed_forms
from language.tokens import Picker, Token, tokenize
from search.analysis.name_terms import name_terms
from search.analysis.numbers import written_numbers
from search.query.parsing import (
    Clause,
    Day,
    Digits,
    Name,
    Number,
    ParsedQuery,
    Party,
    Phrase,
    Prefix,
    Reference,
    Word,
)

# Excerpts are not looked for further into a very long text.
LOOKED_AT: Final = 200_000
MOST_MARKS: Final = 400
# Edit distances are expensive: only the words of so many characters are compared.
_COMPARED: Final = 30_000

Mark = tuple[Token, str]


class Matcher:
    """Finds the matches of one query in any number of texts; each word is judged only once."""

    def __init__(self, parsed: ParsedQuery) -> None:
        self._parsed = parsed
        self._plain = Picker(_Plain(parsed))
        self._nearby: dict[str, Picker] = {}

    def marks(self, text: str, *, subject: str = "") -> list[Mark]:
        """Return the matching words of `text` in order, each with the clause that it matches.

        Names in other letters and typos are looked for only where the clause has no better match
        here or in the `subject`.
        """
        if not self._parsed.must:
            return []
        text = text[:LOOKED_AT]
        marks = list(islice(self._plain(text), MOST_MARKS))
        more = [*_dated(text, self._parsed), *islice(_numbered(text, self._parsed), MOST_MARKS)]
        if more:
            marks = _in_order([*_apart(marks, more), *more])
        answered = {reason for _, reason in marks}
        missing = [word for word in _words(self._parsed) if word.text not in answered]
        if missing and subject:
            answered = {reason for _, reason in self._plain(subject)}
            missing = [word for word in missing if word.text not in answered]
        if missing:
            nearby = self._near(missing)(text[:_COMPARED])
            marks = _in_order([*marks, *islice(nearby, MOST_MARKS)])
        return marks

    def answered(self, marks: list[Mark], *, subject: str = "") -> bool:
        """Return whether each word of the query is among the marks, or in the subject."""
        missing = {word.text for word in _words(self._parsed)} - {reason for _, reason in marks}
        return not missing or missing <= {reason for _, reason in self._plain(subject)}

    def _near(self, missing: list[Word]) -> Picker:
        """Return what finds the near matches of these words, kept from text to text."""
        wanted = " ".join(word.text for word in missing)
        if wanted not in self._nearby:
            self._nearby[wanted] = Picker(_Nearby(missing, _keys(self._parsed, missing)))
        return self._nearby[wanted]


def _in_order(marks: list[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: mark[0].start)


def _apart(marks: list[Mark], others: list[Mark]) -> Iterator[Mark]:
    """Yield the marks that overlap none of the others."""
    taken = {place for token, _ in others for place in range(token.start, token.end)}
    return (mark for mark in marks if mark[0].start not in taken)


def _dated(text: str, parsed: ParsedQuery) -> Iterator[Mark]:
    """Yield the words of the requested days, in any notation."""
    asked = {clause.value for clause in parsed.must if isinstance(clause, Day)}
    for day in find_dates(text) if asked else ():
        for token in tokenize(text[day.start : day.end]) if day.value in asked else ():
            if not token.whole:
                start, end = token.start + day.start, token.end + day.start
                yield Token(token.text, start, end), day.value.isoformat()


def _numbered(text: str, parsed: ParsedQuery) -> Iterator[Mark]:
    """Yield the requested numbers in differently grouped digits: each is one mark."""
    asked: dict[str, str] = {}
    for clause in parsed.must:
        if isinstance(clause, Digits):
            asked |= dict.fromkeys(clause.keys, clause.keys[0])
        elif isinstance(clause, Word) and clause.number:
            asked[clause.number] = clause.text
        elif isinstance(clause, Number) and clause.written:
            asked[clause.written] = clause.written
    for one in written_numbers(text) if asked else ():
        if reason := next((asked[key] for key in one.keys if key in asked), ""):
            yield Token(text[one.start : one.end], one.start, one.end), reason


def _words(parsed: ParsedQuery) -> list[Word]:
    found: list[Word] = []
    for clause in parsed.must:
        if isinstance(clause, Word):
            found.append(clause)
        elif isinstance(clause, Name | Party):
            found.extend(clause.words)
    return found


def _typed(group: Clause) -> tuple[str, ...]:
    """Return the words in which a group of digits was typed."""
    if isinstance(group, Word):
        return (group.text,)
    return group.words if isinstance(group, Reference) else ()


class _Plain:
    """Tells which clause a word matches as typed, by a stem or as a beginning; or ""."""

    def __init__(self, parsed: ParsedQuery) -> None:
        self._words: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._prefixes: dict[str, tuple[str, ...]] = {}
        for word in _words(parsed):
            self._words[word.text] = word.text
            self._stems |= dict.fromkeys(word.stems, word.text)
        for clause in parsed.must:
            if isinstance(clause, Phrase | Reference | Day):
                written = " ".join(clause.words)
                self._words |= dict.fromkeys(clause.words, written)
                if isinstance(clause, Phrase):
                    self._words |= dict.fromkeys(behind_particles(clause.words[0]), written)
            elif isinstance(clause, Digits):
                groups = (word for group in clause.groups for word in _typed(group))
                self._words |= dict.fromkeys((*clause.keys, *groups), clause.keys[0])
            elif isinstance(clause, Number) and clause.written:
                self._words[clause.written] = clause.written
            elif isinstance(clause, Prefix):
                behind = (f"{before}{clause.text}" for before in before_beginning(clause.text))
                self._prefixes[clause.text] = (clause.text, *behind)
        self._may_meet = Meeting(self._stems)

    def __call__(self, written: str) -> str:
        word = fold_word(written)
        if word in self._words:
            return self._words[word]
        if self._may_meet(word):
            for stem in indexed_forms(word):
                if stem in self._stems:
                    return self._stems[stem]
        for begun, ways in self._prefixes.items():
            if word.startswith(ways):
                return begun
        return ""


class _Nearby:
    """Tells which of the missing words a word nearly is, or spells as a name; "" for others."""

    def __init__(self, missing: list[Word], names: dict[str, str]) -> None:
        self._wanted = [(word.text, Misspelt(word)) for word in missing if word.typos]
        self._names = names
        self._scripts = {key[-1] for key in names}

    def __call__(self, written: str) -> str:
        folded = fold_word(written)
        for wanted, is_nearly in self._wanted:
            if is_nearly(folded):
                return wanted
        return self._named(folded) if self._scripts else ""

    def _named(self, word: str) -> str:
        letters = "a" if _is_arabic(word) else "l"
        if letters not in self._scripts or len(word) < 3 or not word.isalpha():
            return ""
        named = (f"{key}@{letters}" for key in name_terms(word))
        return next((self._names[key] for key in named if key in self._names), "")


def _keys(parsed: ParsedQuery, missing: list[Word]) -> dict[str, str]:
    """Return the name keys of the missing words, with the script to look in → the word matched.

    In its own letters a name is found as a word.
    """
    keys = {_sought(key, word.text): word.text for word in missing for key in word.names}
    for clause in parsed.must:
        if isinstance(clause, Name) and any(word in missing for word in clause.words):
            last = clause.words[-1].text
            keys |= {_sought(key, last): last for key in clause.keys}
    return keys


def _sought(key: str, word: str) -> str:
    return f"{key}@{'l' if _is_arabic(word) else 'a'}"


def _is_arabic(word: str) -> bool:
    return word > "\u0600"


class Misspelt:
    """Tells of folded words of texts whether each may be one word with a letter or two wrong."""

    def __init__(self, wanted: Word) -> None:
        self._text, self._most = wanted.text, wanted.typos
        self._shortest = len(wanted.text) - wanted.typos
        self._longest = len(wanted.text) + wanted.typos
        self._misread = frozenset(misread(wanted.text))
        self._stem_typos = wanted.stem_typos
        self._stem = wanted.stems[0] if wanted.stem_typos else ""
        self._letters = frozenset(self._stem)

    def __call__(self, word: str) -> bool:
        if self._most:
            alike = self._shortest <= len(word) <= self._longest
            if alike and within(word, self._text, self._most):
                return True
            if word in self._misread:
                return True
        if not self._stem_typos or word.isascii():
            return False
        if len(self._letters.difference(word)) > 1 + self._stem_typos:
            return False
        return any(within(one, self._stem, self._stem_typos) for one in indexed_forms(word))
