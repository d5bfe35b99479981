"""Where no letter has all that was typed: what only describes is left out, other words on offer."""

import pytest

from search.answers.further_page import PageMarker, read_marker, write_marker
from search.answers.leaving_out import search_leaving_out, shorter_query, without_words
from search.contract import SearchEngine, SearchQuery
from tests.search.letters import OFFICE, letter


def asked(engine: SearchEngine, words: str, **fields: object) -> tuple[set[str], list[str]]:
    """Which words were left out, and the letters found."""
    engine.settle()
    values = {"words": words, "reader_tokens": OFFICE, "facets": ()} | fields
    answered = search_leaving_out(engine, SearchQuery(**values))  # type: ignore[arg-type]
    return set(answered.query.left_out), [hit.id for hit in answered.result.hits]


@pytest.fixture
def archive(engine: SearchEngine) -> SearchEngine:
    engine.put(
        [
            letter(1, subject="Fuite", parties="Karim Bennani", text="contrat 4478123 rue de Fès"),
            letter(2, subject="Fuite", parties="Leïla Tazi", text="lettre du 3 mars, compteur"),
            letter(3, subject="شكاية", parties="عبد الله الإدريسي", text="انقطاع الماء"),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "left_out", "serial"),
    [
        ("lettre bennani", {"lettre"}, 1),
        ("bonjour je cherche la lettre de bennani sur la fuite", {"cherche", "lettre"}, 1),
        ("أين وصل طلب الإدريسي", {"اين", "وصل", "طلب"}, 3),
        ("برسالة الإدريسي", {"برساله"}, 3),
        ("lettre benani", {"lettre"}, 1),
    ],
)
def test_what_only_describes_is_left_out(
    archive: SearchEngine, typed: str, left_out: set[str], serial: int
) -> None:
    assert asked(archive, typed) == (left_out, [letter(serial).id])


@pytest.mark.parametrize(
    "typed",
    [
        "contrat 4478124",
        "lettre 4478124",
        "bennani zellige",
        'bennani "rue de Rabat"',
        "bennani 4 mars 2025",
        "fuite -bennani -tazi",
        "zellige nougatine",
        "zellige",
        "lettre courrier zellige",
    ],
)
def test_nothing_else_is_left_out(archive: SearchEngine, typed: str) -> None:
    assert asked(archive, typed) == (set(), [])


def test_nothing_is_left_out_where_letters_have_everything(archive: SearchEngine) -> None:
    assert asked(archive, "lettre tazi") == (set(), [letter(2).id])


@pytest.mark.parametrize(
    ("typed", "shorter"),
    [
        ("Bennani, zellige", "Bennani"),
        ("fuite tazi compteur zellige", "fuite tazi compteur"),
        ("bennani fuite tazi", "fuite tazi"),
        ("compteur 4478123", "4478123"),
        ("compteur 4478124", ""),
        ("zellige nougatine", ""),
        ("fuite compteur", ""),
        ('bennani "rue de Rabat"', ""),
        ("bennani 4 mars 2025", ""),
    ],
)
def test_a_shorter_query_is_offered_where_it_finds(
    archive: SearchEngine, typed: str, shorter: str
) -> None:
    archive.settle()
    assert shorter_query(archive, SearchQuery(words=typed, reader_tokens=OFFICE)) == shorter


def test_a_word_that_only_others_letters_have_is_as_good_as_none(archive: SearchEngine) -> None:
    archive.put([letter(4, text="zellige", reader_tokens=("direction",))])
    archive.settle()
    query = SearchQuery(words="bennani zellige", reader_tokens=OFFICE)
    assert shorter_query(archive, query) == "bennani"


def test_a_further_page_goes_on_as_the_first_was_answered(archive: SearchEngine) -> None:
    archive.put([letter(serial, parties="Karim Bennani") for serial in range(10, 15)])
    archive.settle()
    query = SearchQuery(words="lettre bennani", reader_tokens=OFFICE, limit=4, facets=())
    answered = search_leaving_out(archive, query)
    first = answered.result
    marker = read_marker(write_marker(answered.query, first.next_cursor))
    assert marker.left_out == {"lettre"}
    further = marker.continued(query)
    second = search_leaving_out(archive, further).result
    assert (first.total, second.total) == (6, 6)
    assert len({hit.id for hit in (*first.hits, *second.hits)}) == 6


def test_markers_are_read_as_they_were_written() -> None:
    query = SearchQuery(words="x", reader_tokens=OFFICE, typos=False)
    assert read_marker(write_marker(query, "abc")) == PageMarker("abc")
    assert write_marker(query, "") == ""
    assert read_marker("~1.fuite~~abc") == PageMarker("abc", frozenset(["fuite"]), 1)
    assert read_marker("~2~lettre~abc") == PageMarker("abc", left_out=frozenset(["lettre"]))


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("vex@thorn.example", ""),
        ("fuite vex@thorn.example", "fuite"),
        ("fuite vex thorn", "fuite"),
    ],
)
def test_an_address_of_e_mail_is_left_out_whole(typed: str, rest: str) -> None:
    assert without_words(typed, ["vex", "thorn"]) == rest
