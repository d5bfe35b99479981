"""Words of a text and their places."""

from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from language.tokens import Picker, tokenize


def words(text: str) -> list[str]:
    return [token.folded for token in tokenize(text) if not token.whole]


@given(st.text())
def test_offsets_give_back_the_word_as_written(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
        assert token.text


@given(st.text())
def test_words_come_in_order_without_overlap(text: str) -> None:
    end = 0
    for token in tokenize(text):
        if not token.whole:
            assert token.start >= end
            end = token.end


def test_french_elision_leaves_the_noun() -> None:
    assert words("l'eau d’usine qu'il J'ai") == ["eau", "usine", "il", "ai"]
    assert words("aujourd'hui") == ["aujourd", "hui"]


def test_english_possessive_leaves_the_owner() -> None:
    assert words("the customer's meter isn't") == ["the", "customer", "meter", "isn"]


def test_a_reference_is_also_found_as_a_whole() -> None:
    tokens = list(tokenize("Réf. 345/DG/2025 du"))
    assert [(token.text, token.whole) for token in tokens] == [
        ("Réf", False),
        ("345", False),
        ("DG", False),
        ("2025", False),
        ("345/DG/2025", True),
        ("du", False),
    ]


def test_words_joined_without_a_digit_are_no_reference() -> None:
    assert not any(token.whole for token in tokenize("eau-potable et/ou gaz"))


def test_vowel_signs_and_tatweel_do_not_cut_a_word() -> None:
    assert words("المَـــاءُ الصَّالِحُ") == ["الماء", "الصالح"]


PIECES = st.text(alphabet="aàl'’.-/_ \u0640\u200b\u00a0\u2028\n7ماء١", max_size=40) | st.text()


@given(PIECES, st.sets(st.integers(0, 12), max_size=5))
def test_a_picker_finds_the_wanted_words_where_they_stand(text: str, lengths: set[int]) -> None:
    tokens = [token for token in tokenize(text) if not token.whole]
    wanted = [(token, token.folded) for token in tokens if len(token.text) in lengths]
    judged = {token.text: found for token, found in wanted}
    picker = Picker(lambda words: {word: judged[word] for word in words if judged.get(word)})
    for _ in range(2):
        assert list(picker(text)) == [one for one in wanted if one[1]]


def test_a_picker_judges_what_comes_again_once() -> None:
    asked: list[str] = []

    def judge(words: Collection[str]) -> dict[str, str]:
        asked.extend(words)
        return dict.fromkeys({"eau"}.intersection(words), "x")

    picker = Picker(judge)
    texts = ("l'eau, eau; de l'eau,", "beau de (eau)")
    assert [len(list(picker(text))) for text in texts] == [3, 1]
    assert sorted(asked) == ["beau", "de", "eau", "eau"]
