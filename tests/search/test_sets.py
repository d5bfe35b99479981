"""Counts find the same letters as the ranked query, and stay true from commit to commit."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from search.answers.forgiving import search_forgivingly
from search.answers.further_page import read_marker, write_marker
from search.backends.tantivy.engine import TantivyEngine
from search.backends.tantivy.rows import count_of
from search.contract import COUNTS, Hit, SearchQuery
from search.query.parsing import read_query
from tests.search import cases
from tests.search.letters import OFFICE, ask, letter

WORDS = [
    *("facture", "factures", "الفواتير", "الدين", "نور الدين", "raccord*", "فات*", "eau -facture"),
    *("12 mars 2026", "2026/IN/000003", "345/DG/2025", "de:Benkirane", "ben kirane", "fz", "0612"),
    *('"la facture"', "«وصل الماء»", "factur", "dernande", "بنكيران", "06 12 34 56 78", "BK123456"),
]
TEXTS = [
    "La facture d'eau de M. Benkirane, réf. 345/DG/2025 du 12 mars 2026",
    "طلب تصحيح الفواتير من السيد بنكيران نور الدين",
    "وصل الماء بالفاتورة رقم 06 12 34 56 78",
    "Demande de raccordement BK123456, tél. 0612345678",
    "ديون والدين على شركة",
    "factures impayées de Fatima Zahra",
]


@pytest.fixture
def engine(tmp_path: Path) -> TantivyEngine:
    engine = TantivyEngine(tmp_path / "search")
    told = {"parties": "Mohamed Benkirane", "sender": "Mohamed Benkirane"}
    engine.put(
        letter(
            serial, text=text, subject=TEXTS[-serial % len(TEXTS)], **(told if serial % 2 else {})
        )
        for serial, text in enumerate(TEXTS * 3, start=1)
    )
    of_cases = (one if isinstance(one, dict) else {"text": one} for _, one, _ in CASES)
    engine.put(letter(serial, **fields) for serial, fields in enumerate(of_cases, start=1_000))
    return engine


CASES = [
    *(*cases.ARABIC, *cases.NUMBERS, *cases.FRENCH, *cases.TYPOS),
    *(*cases.REFERENCES, *cases.DATES, *cases.FIELDS),
]


def test_counts_find_what_the_ranked_query_finds(engine: TantivyEngine) -> None:
    current = engine._store.current()
    assert current
    searcher, _held = engine._searcher(current)
    found = 0
    for words in [*WORDS, *(typed for typed, _, _ in CASES)]:
        for typos in (True, False):
            query = SearchQuery(words=words, reader_tokens=OFFICE, typos=typos)
            parsed = read_query(query)
            ranked = count_of(searcher, engine._asking.queries.build(query, parsed))
            assert count_of(searcher, engine._asking.sets.build(query, parsed)) == ranked, words
            found += ranked
    assert found > len(WORDS)


def test_pages_are_the_ranking_in_pieces(engine: TantivyEngine) -> None:
    engine.put(letter(serial, text="eau " * (serial % 7 + 1)) for serial in range(100, 360))
    whole = [hit.id for page in (0, 1, 2) for hit in _page(engine, 100, page)]
    assert len(whole) == len(set(whole)) > 200
    by_few = [hit.id for page in range(40) for hit in _page(engine, 7, page)]
    assert by_few == whole[: len(by_few)]


def _page(engine: TantivyEngine, limit: int, number: int) -> tuple[Hit, ...]:
    result = ask(engine, "eau", limit=limit)
    for _ in range(number):
        if not result.next_cursor:
            return ()
        result = ask(engine, "eau", limit=limit, cursor=result.next_cursor)
    return result.hits


def test_the_next_page_of_a_search_is_of_what_was_kept_for_the_first(engine: TantivyEngine) -> None:
    engine.put(letter(serial, text="fontaine") for serial in range(300, 390))
    query = SearchQuery(words="fontaine", reader_tokens=OFFICE, limit=20, facets=())
    answered = search_forgivingly(engine, query)
    first = answered.result
    marker = read_marker(write_marker(answered.query, first.next_cursor))
    second = search_forgivingly(engine, marker.continued(query)).result
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == 40
    assert engine._open is not None
    assert len(engine._open.kept._answers) == 1


def test_what_is_kept_goes_with_the_next_commit(engine: TantivyEngine) -> None:
    query = SearchQuery(
        words="facture", reader_tokens=OFFICE, facets=COUNTS, today=datetime.date(2026, 5, 1)
    )
    before = engine.search(query)
    assert engine.search(query) == before
    assert dict(engine.search(query).facets) == dict(before.facets)
    engine.put([letter(900, text="une facture de plus", kind="complaint")])
    after = engine.search(query)
    assert after.total == before.total + 1
    assert after.facets["kind"]["complaint"] == 1


def test_who_reads_other_letters_is_answered_otherwise(engine: TantivyEngine) -> None:
    engine.put([letter(901, text="facture", reader_tokens=("dept:SI:0",))])
    query = SearchQuery(words="facture", reader_tokens=OFFICE)
    office = engine.search(query)
    other = engine.search(replace(query, reader_tokens=frozenset(["dept:SI:0"])))
    assert other.total == 1
    assert dict(other.facets) != dict(office.facets)
    assert engine.search(replace(query, filters={"kind": ["none"]})).total == 0
