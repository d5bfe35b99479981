"""Letters by meaning with and without words: what the program finds across languages, and within.

`./sijill bench meaning_words` asks `meaning_questions.tsv` of the 953 letters of the starting set,
as they are and under one letterhead, and the graded queries and near misses, whose letters are
mostly of their own language: by vectors alone, as before there was a list of words, and as the
program joins them now (`search.meaning.joining`), with Tantivy, and Elasticsearch where
TEST_ELASTICSEARCH_URL names one. Floors hold. Told are recall@10 chosen on / report, how many
questions found less and more than by vectors alone, how many of the questions about nothing were
answered, and what a question costs besides its vector.
"""

from __future__ import annotations

import math
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from benches._first_letters import first_letters
from benches._graded import GradedLetter, graded_letters, graded_queries
from benches.meaning import NONSENSE, _memory, _per_letter, _questions, _script, _unit, _wrapped
from benches.near_misses import near_misses
from benches.relevance import _engines, _filled
from search.contract import Hit, SearchEngine, SearchQuery
from search.meaning.joining import ASKED_FLOOR, Lists, joined
from search.meaning.near_words import Words, by_script, word_vectors
from search.meaning.prose import prose_of
from search.meaning.text import letter_vectors
from search.meaning.translating import WeightedStems, stems_of
from search.meaning.vocabulary import MOST_WORDS, choose_words, common_stems, count_words
from search.meaning_contract import MOST_NEAR, Near

_FIRST: Final = 10
_SUBJECT: Final = re.compile(r"^(?:Objet|Object|Subject|الموضوع)\s*:.*$", re.MULTILINE)
Found = list[str]
Ask = Callable[[str, WeightedStems], Found]


def main() -> None:
    """Print the tables."""
    letters = graded_letters()
    texts = [one.text for one in first_letters()]
    known = _known(texts)
    _cost(known)
    stems = {words: stems_of(prose_of(words), known) for words in _all_words()}
    for long in (False, True):
        ids = [one.document.id for one in letters]
        wrapped = [_wrapped(text, _script(text)) if long else text for text in texts]
        likeness = _likeness(wrapped)
        print(f"\n{'under one letterhead' if long else 'as they are'}")
        before = _table("vectors alone", _asking(ids, likeness, None), stems, letters, {})
        for name in _engines():
            filled = [_with_text(one, text) for one, text in zip(letters, wrapped, strict=True)]
            with _filled(name, filled) as engine:
                ask = _asking(ids, likeness, engine)
                _table(f"with words, {name}", ask, stems, letters, before)


def _known(texts: list[str]) -> Words:
    started = time.process_time()
    chosen = choose_words(count_words(texts, {}))
    common = frozenset(common_stems(chosen, len(texts)))
    words, counted = list(chosen), time.process_time()
    known = by_script(words, word_vectors(words))._replace(common=common)
    print(
        f"{len(words)} words of {len(texts)} letters: counted in {counted - started:.1f} s, "
        f"vectors in {time.process_time() - counted:.1f} s (processor time)"
    )
    return known


def _cost(known: Words) -> None:
    """Print what the words of a question cost, with this list and with one as long as may be."""
    rows = np.concatenate([known.latin.vectors, known.arabic.vectors])
    drawn = np.random.default_rng(3).integers(len(rows), size=MOST_WORDS)
    names = [f"a{n}" if n % 2 else f"ا{n}" for n in range(MOST_WORDS)]
    longest = by_script(names, rows[drawn].tobytes())
    asked = [prose_of(row[2]) for row in _questions()]
    for name, words in (("this list", known), (f"{MOST_WORDS} words", longest)):
        stems_of(asked[0], words)
        before, started = _memory(), time.process_time()
        for one in asked:
            stems_of(one, words)
        spent = (time.process_time() - started) / len(asked)
        print(f"{name}: {spent * 1e3:.1f} ms a question, {_memory() - before:.0f} MB more")


def _likeness(texts: list[str]) -> Callable[[str], Any]:
    rows = []
    for text in texts:
        made = letter_vectors("", text)
        assert made is not None
        rows.append(_unit(made.vectors))
    owner = np.repeat(np.arange(len(texts)), [len(one) for one in rows])
    vectors = np.concatenate(rows)
    kept: dict[str, Any] = {}

    def ask(words: str) -> Any:
        if words not in kept:
            kept[words] = _per_letter(prose_of(words), vectors, owner, len(texts))
        return kept[words]

    return ask


def _with_text(one: GradedLetter, text: str) -> GradedLetter:
    return replace(one, document=replace(one.document, text=text, subject=""))


def _asking(ids: list[str], likeness: Callable[[str], Any], engine: SearchEngine | None) -> Ask:
    """Return how a question is answered: as `search.meaning.joining` does, without a database."""

    def ask(words: str, stems: WeightedStems) -> Found:
        likely = likeness(words)
        order = np.argsort(-likely, kind="stable")[:MOST_NEAR]
        near = [Near(ids[n], float(likely[n]), 0) for n in order if likely[n] >= ASKED_FLOOR]
        places = {key: (float(one), 0) for key, one in zip(ids, likely, strict=True)}
        if engine is None:
            return [one.id for one in near]
        translated, own = (_hits(engine, each) for each in (stems.translated, stems.own))
        return [one.id for one in joined(Lists(near, translated, own, places))]

    return ask


def _hits(engine: SearchEngine, asked: list[dict[str, float]]) -> list[Hit]:
    query = SearchQuery(words="", reader_tokens=("office",), limit=MOST_NEAR, facets=())
    return list(engine.with_stems(query, asked)) if asked else []


def _all_words() -> Iterator[str]:
    yield from (row[2] for row in _questions())
    yield from NONSENSE
    yield from (one.typed for one in _own_language([]))


def _table(
    name: str,
    ask: Ask,
    stems: Mapping[str, WeightedStems],
    letters: list[GradedLetter],
    before: Mapping[str, list[float]],
) -> dict[str, list[float]]:
    """Print one way of asking; return each question's share by the name of its row."""
    shares: dict[str, list[float]] = defaultdict(list)
    serial = {one.ident: place for place, one in enumerate(first_letters())}
    scripts = {one.document.id: _script(one.text) for one in letters}
    started, count = time.process_time(), 0
    for language, wanted, words in _questions():
        found = ask(words, stems[words])
        right = [letters[serial[one]].document.id for one in wanted.split()]
        other = [key for key in found if (scripts[key] == "ar") != (language == "ar")]
        way = "ar → fr" if language == "ar" else "fr → ar"
        for among, first in (("all", found[:_FIRST]), ("the other", other[:_FIRST])):
            shares[f"{way}, among {among}"].append(float(np.mean([one in first for one in right])))
        count += 1
    spent = (time.process_time() - started) / count
    for one in _own_language(letters):
        shares[f"own language, {one.kind}"].append(_ndcg(ask(one.typed, stems[one.typed]), one))
    silly = sum(bool(ask(words, stems[words])) for words in NONSENSE)
    print(f"{name}: {spent * 1e3:.1f} ms a question; nonsense answered {silly} of {len(NONSENSE)}")
    for key, each in sorted(shares.items()):
        was = before.get(key, each)
        less = sum(now < then - 1e-9 for now, then in zip(each, was, strict=True))
        more = sum(now > then + 1e-9 for now, then in zip(each, was, strict=True))
        halves = f"{np.mean(each[::2]):.2f} / {np.mean(each[1::2]):.2f}"
        print(f"  {key:<34}{halves}   {len(each)} asked, {less} found less, {more} more")
    return shares


class _Own:
    """A query whose letters are of its own language, mostly, and their grades."""

    def __init__(self, kind: str, typed: str, grades: Mapping[str, int]) -> None:
        self.kind, self.typed, self.grades = kind, typed, grades


def _own_language(letters: list[GradedLetter]) -> Iterator[_Own]:
    for query in graded_queries():
        if prose_of(query.typed):
            yield _Own("graded (nDCG@10)", query.typed, query.grades(letters))
    for miss in near_misses():
        if prose_of(miss.typed):
            grades = dict.fromkeys(miss.ids(letters), 1)
            yield _Own("near misses (nDCG@10)", miss.typed, grades)


def _ndcg(found: Found, one: _Own) -> float:
    def gain(grades: list[int]) -> float:
        return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))

    best = gain(sorted(one.grades.values(), reverse=True)[:_FIRST])
    return gain([one.grades.get(key, 0) for key in found[:_FIRST]]) / best if best else 0.0


if __name__ == "__main__":
    main()
