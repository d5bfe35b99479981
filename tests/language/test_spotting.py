"""Spotting misses no piece of a text that holds a wanted word, in whatever spelling."""

from collections.abc import Collection
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.arabic_nouns import NOUNS, PLURALS
from language.fold import fold, fold_word
from language.nearness import within
from language.spotting import Spotter
from language.stems import asked_forms, indexed_forms
from language.tokens import Picker, tokenize

SIGNS = "aàeéiltdœ٢2_-'’.«ﻻ ابدلميةهىءأوَـ\u200f\u00a0\n"
TEXTS = st.text(alphabet=SIGNS, max_size=60) | st.text(max_size=40)
WORDS = st.text(alphabet="aeiltd2ابدلميهءو", min_size=1, max_size=8) | st.text(min_size=1)
FRENCH = "La  réclamation (l’abonné) : 2 réclamations,RÉCLAMER… œil\u00a0; d'eau_potable eaux/ÉLUS"
ARABIC = "طلبُكم بالعدّاد، والعدادات ﻟﻠﻤﺎء (المياه) وبالفواتير 2026/٢٠٢٦ الfacture مـــاء"


class Wanted:
    """Finds the words that have a stem, are a word, or begin so."""

    def __init__(self, *, words: set[str], begins: set[str], stems: set[str]) -> None:
        self.words, self.begins, self.stems = words, tuple(begins), stems

    def __call__(self, written: Collection[str]) -> dict[str, str]:
        return {one: "x" for one in written if self._has(fold_word(one))}

    def _has(self, word: str) -> bool:
        if word in self.words or word.startswith(self.begins):
            return True
        return not self.stems.isdisjoint(indexed_forms(word))


def assert_nothing_is_missed(text: str, words: set[str], begins: set[str], stems: set[str]) -> None:
    wanted = Wanted(words=words, begins=begins, stems=stems)
    spotted = list(Picker(wanted, Spotter(words, begins, stems))(text))
    assert spotted == list(Picker(wanted)(text))


@given(text=TEXTS, word=WORDS, begun=WORDS, stem=WORDS)
@example(text="_dit", word="a", begun="a", stem="dit")
@example(text="الlite", word="b", begun="b", stem="lite")
def test_no_word_is_missed(text: str, word: str, begun: str, stem: str) -> None:
    stems = set(asked_forms(fold(stem)))
    assert_nothing_is_missed(text, {fold(word)}, {fold(begun)[:3] or "x"}, stems)


@given(text=TEXTS, data=st.data())
def test_no_form_of_a_word_of_the_text_is_missed(text: str, data: st.DataObject) -> None:
    words = [one.folded for one in tokenize(f"{text} {FRENCH} {ARABIC}") if not one.whole]
    word = data.draw(st.sampled_from(words))
    stems = set(asked_forms(word) if data.draw(st.booleans()) else indexed_forms(word))
    assert_nothing_is_missed(f"{text} {FRENCH}\n{ARABIC}", {word}, {word[:4] or "x"}, stems)
    assert_nothing_is_missed(f"{text} {FRENCH}\n{ARABIC}", set(), set(), stems)


def test_no_declined_noun_is_missed() -> None:
    for noun in {*NOUNS, *PLURALS}:
        for form in (noun, f"وبال{noun}", f"{noun}كم"):
            for stem in indexed_forms(form):
                assert list(Spotter(stems=[stem])(form)), (form, stem)


@pytest.mark.parametrize("text", [FRENCH, ARABIC])
def test_pieces_come_once_in_order_each_at_its_place(text: str) -> None:
    pieces = list(Spotter(stems=["eau", "ماء", "عداد"])(text))
    assert pieces == sorted(set(pieces))
    assert all(text[at : at + len(piece)] == piece for at, piece in pieces)
    assert {piece for _, piece in pieces} <= set(text.split())


def test_nearly_all_words_are_passed_over() -> None:
    text = "Le directeur de la régie vous informe que votre compteur sera remplacé demain. " * 5
    spotted = list(Spotter(["compteur"], (), ["compteur"])(text))
    assert [piece for _, piece in spotted] == ["compteur"] * 5


def test_a_text_without_spaces_is_read_in_no_time() -> None:
    assert len(list(Spotter(["مدير"], (), ["مدير"])("م" * 200_000))) <= 1


@given(text=TEXTS, word=st.text(alphabet="aeiltd2ابدلميهءو", min_size=1, max_size=8))
@example(text="بلدي", word="بلد")
def test_no_word_near_another_is_missed(text: str, word: str) -> None:
    def near_it(written: Collection[str], most: int) -> dict[str, str]:
        return {one: "x" for one in written if within(fold_word(one), word, most)}

    for most in (1, 2):
        judge = partial(near_it, most=most)
        for read in (text, f"{text} {word[1:]} x{word} {word[:2]}ى{word[3:]}"):
            spotted = list(Picker(judge, Spotter(near=[(word, most)]))(read))
            assert spotted == list(Picker(judge)(read))


@given(text=TEXTS)
def test_no_word_of_a_script_is_missed(text: str) -> None:
    def arabic(written: Collection[str]) -> dict[str, str]:
        return {one: "x" for one in written if fold_word(one) > "\u0600"}

    def latin(written: Collection[str]) -> dict[str, str]:
        found = (one for one in written if fold_word(one)[:1] <= "\u0600")
        return {one: "x" for one in found if fold_word(one).isalpha()}

    assert list(Picker(arabic, Spotter(scripts="a"))(text)) == list(Picker(arabic)(text))
    assert list(Picker(latin, Spotter(scripts="l"))(text)) == list(Picker(latin)(text))
