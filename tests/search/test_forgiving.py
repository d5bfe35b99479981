"""When a typo is forgiven: where few letters have the words, and in the rare word."""

from search.answers.forgiving import FEW, search_forgivingly
from search.contract import SearchEngine, SearchQuery
from tests.search.letters import OFFICE, letter


def asked(engine: SearchEngine, words: str, **fields: object) -> tuple[object, int]:
    """Which words were forgiven (False: none), and how many letters were found."""
    engine.settle()
    values = {"words": words, "reader_tokens": OFFICE, "facets": ()} | fields
    answered = search_forgivingly(engine, SearchQuery(**values))  # type: ignore[arg-type]
    return answered.query.typos, answered.result.total


def test_only_where_few_letters_have_the_word(engine: SearchEngine) -> None:
    engine.put(letter(serial, text="compteur") for serial in range(1, FEW))
    engine.put([letter(500, text="conpteur")])
    assert asked(engine, "compteur") == (frozenset(["compteur"]), FEW)
    engine.put([letter(600, text="compteur")])
    assert asked(engine, "compteur") == (False, FEW)


def test_of_several_words_only_in_those_that_few_letters_have(engine: SearchEngine) -> None:
    engine.put(letter(serial, text="compteur facture") for serial in range(1, FEW + 2))
    engine.put([letter(500, text="compteur facture zellige")])
    assert asked(engine, "compteur facture zelige") == (frozenset(["zelige"]), 1)


def test_never_in_numbers_nor_in_short_words(engine: SearchEngine) -> None:
    engine.put([letter(1, text="eau 123456")])
    assert asked(engine, "123457") == (False, 0)
    assert asked(engine, "aau") == (False, 0)


def test_rarity_is_counted_among_the_letters_of_who_asks(engine: SearchEngine) -> None:
    engine.put(
        letter(serial, text="compteur facture zellige", reader_tokens=("direction",))
        for serial in range(1, FEW + 2)
    )
    engine.put([letter(500, text="conpteur factvre zelligc")])
    forgiven, found = asked(engine, "compteur facture zellige")
    assert (forgiven, found) == (frozenset(["compteur", "facture", "zellige"]), 1)


def test_two_letters_only_where_no_letter_has_the_word(engine: SearchEngine) -> None:
    engine.put([letter(1, text="compteur"), letter(2, text="conpteur"), letter(3, text="compte")])
    assert asked(engine, "compteur")[1] == 2
    assert asked(engine, "compteuq")[1] == 3


def test_two_letters_only_where_few_letters_have_the_word_with_one(engine: SearchEngine) -> None:
    engine.put([letter(500, text="compte")])
    engine.put(letter(serial, text="compteur") for serial in range(1, FEW))
    assert asked(engine, "compteuq")[1] == FEW
    engine.put([letter(600, text="compteur")])
    assert asked(engine, "compteuq")[1] == FEW


def test_the_nearest_spelling_comes_first(engine: SearchEngine) -> None:
    engine.put([letter(1, text="compteur"), letter(2, text="compte"), letter(3, text="compteurq")])
    engine.settle()
    query = SearchQuery(words="compteuq", reader_tokens=OFFICE)
    result = search_forgivingly(engine, query).result
    assert [hit.id for hit in result.hits][-1] == letter(2).id


def test_two_words_are_forgiven_where_one_of_them_sounds_like_a_name_of_others(
    engine: SearchEngine,
) -> None:
    engine.put(letter(serial, parties="جمعية دكالة") for serial in range(1, 8))
    engine.put(
        [
            letter(500, text="échéancier demandé par l'hôtel Doukkala Beach"),
            letter(501, text="hôtel de la plage"),
        ]
    )
    assert asked(engine, "echeancer hotel doukala beach")[1] == 1
