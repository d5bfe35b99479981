"""When no letter has all that was typed: the words without which letters are found.

People describe a letter ("lettre Bennani", "أين وصل طلب الإدريسي") in words that the letter itself
lacks: these are left out, which the answer states. A shorter query is offered where it is another
word that no letter has, or one of many that does not fit. Numbers, references, dates, phrases,
beginnings, fields and exclusions are never left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from language.stems import indexed_forms
from language.tokens import tokenize
from language.words import DESCRIBING
from search.answers.forgiving import Answered, counts_alone, search_forgivingly
from search.contract import SearchEngine, SearchQuery
from search.query.parsing import Clause, Digits, Reference, Word, read_query

_MOST_WORDS: Final = 8
# Of so many clauses one may be missing.
_MANY: Final = 3
_LONG_NUMBER: Final = 5  # digits that tell one letter from all others
_DESCRIBING: Final = frozenset(form for word in DESCRIBING for form in indexed_forms(word))


def search_leaving_out(engine: SearchEngine, query: SearchQuery) -> Answered:
    """Return the answer of `search_forgivingly`, or one without descriptive words.

    The second where the first is empty, if there is one: its `left_out` names them. Raise what the
    engine raises.
    """
    answer = search_forgivingly(engine, query)
    if answer.result.hits or query.cursor:
        return answer
    clauses = read_query(query).must
    describing = _describing(_words(clauses))
    if not 0 < len(describing) < len(clauses):
        return answer
    shorter = search_forgivingly(engine, replace(query, left_out=frozenset(describing)))
    return shorter if shorter.result.hits else answer


def shorter_query(engine: SearchEngine, query: SearchQuery) -> str:
    """Return the query without the words that prevent a result, where nothing has all of them.

    "" where fewer words find nothing either. Raise what the engine raises.
    """
    counted = replace(query, limit=1, facets=(), cursor="")
    for words in _ways(engine, counted):
        if search_forgivingly(engine, replace(counted, left_out=words)).result.total:
            return _without(query.words, words)
    return ""


def _ways(engine: SearchEngine, query: SearchQuery) -> Iterator[frozenset[str]]:
    """Yield what may be left out, the least informative first; never everything."""
    clauses = read_query(query).must
    words = _words(clauses)
    if any(_identifies_letter(clause) for clause in clauses):
        yield frozenset(words)
        return
    describing = _describing(words)
    content = [word for word in words if word not in describing][:_MOST_WORDS]
    counts = counts_alone(engine, query, content, typos=True)
    unknown = [word for word in content if not counts[word]]
    left = len(clauses) - len(describing) - len(unknown)
    if unknown and left:
        yield frozenset([*describing, *unknown])
    if left >= _MANY:
        known = sorted((word for word in content if counts[word]), key=lambda word: -counts[word])
        yield from (frozenset([*describing, *unknown, word]) for word in known)


def _words(clauses: tuple[Clause, ...]) -> list[str]:
    return [c.text for c in clauses if isinstance(c, Word) and c.text.isalpha()]


def _describing(words: list[str]) -> list[str]:
    return [word for word in words if not _DESCRIBING.isdisjoint(indexed_forms(word))]


def _identifies_letter(clause: Clause) -> bool:
    """Return whether the clause is a number or a reference that identifies one letter."""
    long = isinstance(clause, Word) and clause.text.isdecimal() and len(clause.text) >= _LONG_NUMBER
    return long or isinstance(clause, Digits | Reference)


def without_words(typed: str, words: Iterable[str]) -> str:
    """Return what was typed without these words, as typed; "" where nothing is left."""
    return _without(typed, frozenset(t.folded for one in words for t in tokenize(one)))


def _without(typed: str, words: frozenset[str]) -> str:
    """Return the rest of what was typed; an address of e-mail is left out whole."""
    addresses = (part for part in typed.split() if "@" in part)
    lacking = {part for part in addresses if words & {t.folded for t in tokenize(part)}}
    typed = " ".join(part for part in typed.split() if part not in lacking)
    for token in reversed(list(tokenize(typed))):
        if not token.whole and token.folded in words:
            typed = typed[: token.start] + typed[token.end :]
    return " ".join(typed.split()).strip(" ,;،؛")
