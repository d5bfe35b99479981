"""Where no letter has all words: those with most of them, by rarity, and what each lacks."""

import pytest

from search.answers.most_words import MOST_LETTERS, letters_with_most
from search.contract import SearchEngine, SearchQuery
from tests.search.letters import OFFICE, letter


def most(engine: SearchEngine, words: str, **fields: object) -> dict[int, tuple[str, ...]]:
    """What each of the letters lacks, by its serial, best first."""
    engine.settle()
    values = {"words": words, "reader_tokens": OFFICE, "facets": ()} | fields
    _, found = letters_with_most(engine, SearchQuery(**values))  # type: ignore[arg-type]
    return {int(one.id[-12:], 16): one.lacking for one in found}


@pytest.fixture
def archive(engine: SearchEngine) -> SearchEngine:
    engine.put(
        [
            letter(1, subject="Parrainage", text="théâtre amateur, un festival", department="DG"),
            letter(2, subject="Parrainage", text="un stade"),
            letter(3, subject="شكاية", text="غطاء البالوعة المسروق", parties="عبد الله الإدريسي"),
            letter(4, text="contrat 4478123", reader_tokens=("direction",)),
            *(letter(serial, text="contrat de facture") for serial in range(10, 30)),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Parrainage théâtre Casablanca", {1: ("Casablanca",)}),
        ("parainage theatr Casablanca", {1: ("Casablanca",)}),
        ("facture théâtre", {1: ("facture",)}),
        ("غطاء البالوعة حصان", {3: ("حصان",)}),
        ('"théâtre amateur" parrainage stade', {1: ("stade",)}),
        # Most is by rarity: the many letters of a contract have not most of these.
        ("contrat théâtre amateur Casablanca", {1: ("contrat", "Casablanca")}),
        ("contrat 4478124", {}),
        ("contrat 4 mars 2025", {}),
        ("zellige nougatine", {}),
        ("Casablanca", {}),
        ("", {}),
    ],
)
def test_letters_with_most_of_the_words(
    archive: SearchEngine, typed: str, expected: dict[int, tuple[str, ...]]
) -> None:
    assert most(archive, typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "parrainage théâtre Casablanca -festival",
        "parrainage théâtre Casablanca -dept:DG",
        'parrainage théâtre Casablanca "un stade"',
        "parrainage théâtre Casablanca de:Bennani",
        "parrainage théâtre Casablanca before:2020",
    ],
)
def test_exclusions_phrases_fields_and_bounds_hold(archive: SearchEngine, typed: str) -> None:
    names = {"department": {"dg": "DG"}}
    assert 1 not in most(archive, typed, names=names)


def test_filters_hold_and_rights_hold(archive: SearchEngine) -> None:
    typed = "parrainage théâtre Casablanca"
    assert 1 not in most(archive, typed, filters={"department": ["EAU"]})
    assert most(archive, typed, reader_tokens=("direction",)) == {}
    assert most(archive, typed, reader_tokens=()) == {}
    # Rarity is that among one's own letters: nothing tells that others have the number.
    assert most(archive, "facture 4478123") == most(archive, "facture 4478124")


def test_they_are_few(archive: SearchEngine) -> None:
    archive.put(letter(serial, text="zellige bejmat") for serial in range(100, 115))
    assert len(most(archive, "zellige bejmat Casablanca")) == MOST_LETTERS
    assert len(most(archive, "zellige bejmat Casablanca", limit=3)) == 3


def test_each_clause_is_counted_among_what_holds(archive: SearchEngine) -> None:
    archive.settle()
    query = SearchQuery(words="parrainage contrat", reader_tokens=OFFICE, typos=False)
    assert archive.clause_counts(query) == (23, (2, 20))
    narrowed = SearchQuery(
        words="parrainage contrat -stade",
        reader_tokens=OFFICE,
        typos=False,
        filters={"department": ["EAU"]},
    )
    assert archive.clause_counts(narrowed) == (21, (0, 20))


def test_an_engine_without_documents_has_none(engine: SearchEngine) -> None:
    query = SearchQuery(words="zellige bejmat", reader_tokens=OFFICE)
    assert engine.clause_counts(query) == (0, (0, 0))
    assert engine.with_some(query, {0: 1.0}) == ()
    assert letters_with_most(engine, query)[1] == ()
