"""The best letters of a frequent word, weighed by their subjects alone, are the best of all."""

from collections.abc import Sequence
from typing import Any

import pytest
import tantivy

from search.backends.tantivy.engine import TantivyEngine
from search.backends.tantivy.in_subject import SubjectFirst
from search.backends.tantivy.rows import best_of, documents_in
from search.contract import EngineUnavailable, SearchQuery
from search.query.parsing import read_query
from tests.search.frequent import FREQUENT, letters_of_frequent_words
from tests.search.letters import OFFICE


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    """Return an index of the letters, some put twice and some removed."""
    engine = TantivyEngine(tmp_path_factory.mktemp("search"))
    letters = letters_of_frequent_words()
    engine.put(letters)
    engine.put(letters[:150])
    engine.remove([letters[-1].id])
    return engine


@pytest.mark.parametrize("word", FREQUENT)
@pytest.mark.parametrize("offset", [0, 8])
def test_they_are_the_best_of_all(engine: TantivyEngine, word: str, offset: int) -> None:
    found = [_best(engine, word, offset, limit, frequent=50) for limit in (1, 4, 8)]
    assert all(by_subject == of_all for by_subject, of_all in found if by_subject)
    assert any(by_subject for by_subject, _ in found)


@pytest.mark.parametrize("word", FREQUENT)
def test_where_letters_without_it_in_their_subject_may_follow_nothing_is_told(
    engine: TantivyEngine, word: str
) -> None:
    by_subject, of_all = _best(engine, word, 0, 200, frequent=50)
    assert len(of_all) == 200
    assert by_subject is None


@pytest.mark.parametrize("typed", ["facture dossier", '"facture"', "fact*", "-facture", "dossier"])
def test_other_questions_are_left_to_all_letters(engine: TantivyEngine, typed: str) -> None:
    assert _best(engine, typed, 0, 5, frequent=50)[0] is None


def test_a_word_of_few_letters_is_left_to_all_letters(engine: TantivyEngine) -> None:
    assert _best(engine, "facture", 0, 5, frequent=10_000)[0] is None


def _best(
    engine: TantivyEngine, words: str, offset: int, limit: int, *, frequent: int
) -> tuple[list[tuple[int, int]] | None, list[tuple[int, int]]]:
    """Return the places of the best letters, by their subjects (None if unproven) and of all."""
    current = engine._store.current()
    assert current
    searcher, held = engine._searcher(current)
    assert held.documents == documents_in(current) >= 1200
    query = SearchQuery(words=words, reader_tokens=OFFICE, typos=False)
    parsed, asking = read_query(query), engine._asking
    subject_first = SubjectFirst(asking.queries, frequent=frequent)
    best = subject_first.best(searcher, held.documents, query, parsed, offset, limit)
    _, of_all = best_of(searcher, asking.queries.build(query, parsed), offset, limit)
    return None if best is None else _places(best), _places(of_all)


def _places(found: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[tuple[int, int]]:
    return [(place.segment_ord, place.doc) for _, place in found]


def test_a_count_that_failed_is_made_anew_when_the_question_is_asked_again(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = engine._asking
    monkeypatch.setattr(asking, "_subject_first", SubjectFirst(asking.queries, frequent=50))
    query = SearchQuery(
        words="facture", reader_tokens=OFFICE, typos=False, facets=("kind",), limit=4
    )
    monkeypatch.setattr("search.backends.tantivy.cached_pages.TOGETHER", 8)

    def fails(*_arguments: object, **_more: object) -> None:
        raise ValueError("no file can be opened")

    with monkeypatch.context() as failing:
        failing.setattr("search.backends.tantivy.searching.count_values", fails)
        found = engine.search(query)
        assert found.hits
        assert found.count.exceeds(3)
        with pytest.raises(EngineUnavailable):
            assert found.total
    again = engine.search(query)
    assert again.hits == found.hits
    assert again.total == sum(again.facets["kind"].values()) > 50
