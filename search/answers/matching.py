"""Which words of a text match a query: as written, in another form, as a name, or with a typo."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final

from language.arabic_attached import before_beginning, behind_particles
from language.dates import find_dates
from language.fold import fold_word
from language.nearness import misread, near, within
from language.spotting import Spotter
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
    """Finds the matches of one query in any number of texts; each word is judged only once.

    `misspelt_only`: the texts are known to have the query's only word neither as typed nor in
    another form nor as a name, so that only typos are looked for.
    """

    def __init__(self, parsed: ParsedQuery, *, misspelt_only: bool = False) -> None:
        self.parsed: Final = parsed
        self._misspelt_only = misspelt_only
        plain = _Plain(parsed)
        self._judged = Picker(plain, plain.spotter())
        self._nearby: dict[str, Picker] = {}
        self._misspelt: dict[Word, Misspelt] = {}

    def marks(self, text: str, *, subject: str = "") -> list[Mark]:
        """Return the matching words of `text` in order, each with the clause that it matches.

        Names in other letters and typos are searched for only where the clause has no better match
        here or in the `subject`.
        """
        if not self.parsed.must:
            return []
        text = text[:LOOKED_AT]
        marks = list(islice(self._plain(text), MOST_MARKS))
        more = [*_dated(text, self.parsed), *islice(_numbered(text, self.parsed), MOST_MARKS)]
        if more:
            marks = _in_order([*_apart(marks, more), *more])
        answered = {reason for _, reason in marks}
        missing = [word for word in _words(self.parsed) if word.text not in answered]
        if missing and subject:
            answered = {reason for _, reason in self._plain(subject)}
            missing = [word for word in missing if word.text not in answered]
        if missing:
            nearby = self._near(missing)(text[:_COMPARED])
            marks = _in_order([*marks, *islice(nearby, MOST_MARKS)])
        return marks

    def _plain(self, text: str) -> Iterator[Mark]:
        """Yield the words that match as typed, by a stem or as a beginning."""
        return iter(()) if self._misspelt_only else self._judged(text)

    def answered(self, marks: list[Mark], *, subject: str = "") -> bool:
        """Return whether each word of the query is among the marks, or in the subject."""
        missing = {word.text for word in _words(self.parsed)} - {reason for _, reason in marks}
        return not missing or missing <= {reason for _, reason in self._plain(subject)}

    def _near(self, missing: list[Word]) -> Picker:
        """Return what finds the near matches of these words, kept from text to text."""
        wanted = " ".join(word.text for word in missing)
        if wanted not in self._nearby:
            typed = [(word.text, self.misspelt(word)) for word in missing if word.typos]
            names = {} if self._misspelt_only else _keys(self.parsed, missing)
            nearby = _Nearby(typed, names)
            self._nearby[wanted] = Picker(nearby, nearby.spotter())
        return self._nearby[wanted]

    def misspelt(self, word: Word) -> "Misspelt":
        """Return the near spellings of a word that the texts examined so far have."""
        return self._misspelt.setdefault(word, Misspelt(word))


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
    """Finds the clause that each word matches as typed, by a stem or as a beginning."""

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

    def spotter(self) -> Spotter:
        """Return what finds where these words may stand."""
        begins = [way for ways in self._prefixes.values() for way in ways]
        return Spotter(self._words, begins, self._stems)

    def __call__(self, words: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for written in words:
            word = fold_word(written)
            reason = self._words.get(word) or self._other_form(word)
            if reason:
                found[written] = reason
        return found

    def _other_form(self, word: str) -> str:
        if self._may_meet(word):
            for stem in indexed_forms(word):
                if stem in self._stems:
                    return self._stems[stem]
        for begun, ways in self._prefixes.items():
            if word.startswith(ways):
                return begun
        return ""


class _Nearby:
    """Finds the missing words to which each word is near, or which it spells as a name."""

    def __init__(self, missing: list[tuple[str, "Misspelt"]], names: dict[str, str]) -> None:
        self._missing = missing
        self._names = names
        self._scripts = {key[-1] for key in names}

    def spotter(self) -> Spotter:
        """Return what finds where such words may stand."""
        return near_spotter([misspelt for _, misspelt in self._missing], self._scripts)

    def __call__(self, words: Collection[str]) -> dict[str, str]:
        folded = {written: fold_word(written) for written in words}
        nearly: dict[str, str] = {}
        for wanted, misspelt in reversed(self._missing):  # of several the first
            nearly |= dict.fromkeys(misspelt.among(folded.values()), wanted)
        found: dict[str, str] = {}
        for written, word in folded.items():
            if reason := nearly.get(word) or (self._named(word) if self._scripts else ""):
                found[written] = reason
        return found

    def _named(self, word: str) -> str:
        letters = "a" if _is_arabic(word) else "l"
        if letters not in self._scripts or len(word) < 3 or not word.isalpha():
            return ""
        named = (f"{key}@{letters}" for key in name_terms(word))
        return next((self._names[key] for key in named if key in self._names), "")


def _keys(parsed: ParsedQuery, missing: list[Word]) -> dict[str, str]:
    """Return the name keys of the missing words, with the script to search in → the word matched.

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
    """Knows the folded words of texts that may be one word with a letter or two wrong."""

    def __init__(self, wanted: Word) -> None:
        self._text, self._most = wanted.text, wanted.typos
        self._misread = frozenset(misread(wanted.text)) if wanted.typos else frozenset()
        self._stem_typos = wanted.stem_typos
        self._stem = wanted.stems[0] if wanted.stem_typos else ""
        self._letters = frozenset(self._stem)
        self._seen: set[str] = set()
        self._near: set[str] = set()

    @property
    def words(self) -> frozenset[str]:
        """The words for which a scan may have misread it."""
        return self._misread

    @property
    def lacking(self) -> list[tuple[str, int]]:
        """The word, and its stem, each with how many of its letters another word may lack."""
        near = [(self._text, self._most)] if self._most else []
        return [*near, (self._stem, 1 + self._stem_typos)] if self._stem_typos else near

    def among(self, words: Collection[str]) -> set[str]:
        """Return those of the words that may be it; each is compared once."""
        fresh = set(words).difference(self._seen)
        if fresh and self._most:
            self._near.update(near(self._text, fresh, self._most), fresh & self._misread)
        if self._stem_typos:
            self._near.update(word for word in fresh - self._near if self._has_near_stem(word))
        self._seen |= fresh
        return self._near.intersection(words)

    def _has_near_stem(self, word: str) -> bool:
        if word.isascii() or len(self._letters.difference(word)) > 1 + self._stem_typos:
            return False
        return any(within(one, self._stem, self._stem_typos) for one in indexed_forms(word))


def near_spotter(misspelt: Iterable[Misspelt], scripts: Iterable[str] = ()) -> Spotter:
    """Return what finds where misspelt words may stand, or names in these scripts."""
    several = list(misspelt)
    words = [word for one in several for word in one.words]
    return Spotter(words, near=[near for one in several for near in one.lacking], scripts=scripts)
