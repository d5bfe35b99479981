"""Arabic words behind their article and particles, as a search asks for them."""

import pytest

from language.arabic_attached import attached_spellings, before_beginning, behind_particles


@pytest.mark.parametrize(
    ("word", "attached"),
    [
        ("الماء", "للماء بالماء والماء وبالماء وللماء فالماء كالماء"),
        ("شارع", "بشارع وشارع لشارع فشارع كشارع وبشارع ولشارع"),
        ("حي", "بحي لحي"),
    ],
)
def test_a_word_behind_its_particles(word: str, attached: str) -> None:
    assert set(attached.split()) <= set(behind_particles(word))
    assert word not in behind_particles(word)


def test_particles_double_no_article() -> None:
    assert not {"لالماء", "الالماء"} & set(behind_particles("الماء"))


def test_one_word_with_and_without_its_article() -> None:
    assert {"مياه", "بالمياه", "للمياه", "ومياه"} <= set(attached_spellings("المياه"))
    assert {"المياه", "بالمياه", "لمياه"} <= set(attached_spellings("مياه"))
    assert "المياه" not in attached_spellings("المياه")


def test_a_beginning_is_looked_for_behind_particles_and_a_short_one_behind_the_article() -> None:
    assert {"ال", "لل", "وبال", "ب"} <= set(before_beginning("مستش"))
    assert "ب" not in before_beginning("عد")
    assert "ال" in before_beginning("عد")
    assert set(before_beginning("المست")) == {"و", "ف", "ب", "ك", "وب"}


@pytest.mark.parametrize("word", ["fuite", "2026", "", "日本"])
def test_other_letters_have_no_particles(word: str) -> None:
    assert behind_particles(word) == attached_spellings(word) == before_beginning(word) == ()
