"""How far two words are apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.nearness import misread, near, within

WORDS = st.text(alphabet="abcdé", max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("facture", "tacture", 1),
        ("compteur", "comtpeur", 1),
        ("compteur", "cornpteur", 2),
        ("ab", "", 2),
        ("fuite", "suites", 2),
        ("kitten", "sitting", 3),
    ],
)
def test_edits_are_counted(one: str, other: str, edits: int) -> None:
    assert within(one, other, edits)
    assert within(other, one, edits)
    assert not within(one, other, edits - 1)


@given(WORDS, st.data())
def test_one_edit_is_one_edit(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word)))
    added = word[:place] + "x" + word[place:]
    assert within(word, added, 1)
    assert within(added, word, 1)
    assert not within(word, added, 0)


@given(WORDS, WORDS, st.integers(0, 3))
def test_it_is_the_same_both_ways_and_grows(one: str, other: str, most: int) -> None:
    assert within(one, other, most) == within(other, one, most)
    assert within(one, other, most) <= within(one, other, most + 1)


@given(WORDS, st.sets(WORDS), st.integers(0, 2))
def test_of_many_words_those_are_near_that_are_near_by_themselves(
    wanted: str, words: set[str], most: int
) -> None:
    assert sorted(near(wanted, words, most)) == sorted(w for w in words if within(wanted, w, most))


def test_letters_that_a_scan_joins_or_splits() -> None:
    assert set(misread("demande")) == {"dernande", "clemande", "demancle", "clemancle"}
    assert set(misread("dernande")) >= {"demande"}
    assert "client" in misread("dient")
    assert misread("facture") == misread("ماء") == ()


def test_misreadings_are_few_however_long_the_word() -> None:
    assert len(misread("md" * 200)) <= 24
