"""What a page becomes when a person changes its words: pure rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.reading.page_edits import (
    BadEditError,
    Edit,
    LineEdit,
    NewLine,
    WordEdit,
    edited,
    is_checked,
    line_text,
    lines_of,
    typed,
    words_of,
)
from tests.registry.read_pages import page

WORD = st.text("abcéابت0", min_size=1, max_size=5)
LINES = st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=5)


def texts(found: dict[str, Any]) -> list[str]:
    return [line_text(line) for line in lines_of(words_of(found))]


def test_a_word_is_replaced_in_text_and_words_and_counts_as_seen() -> None:
    after = edited(page("Une fuxte d'eau", "rue Hassan"), [WordEdit(1, "fuite")])
    assert after["text"] == "Une fuite d'eau\nrue Hassan"
    assert after["source"] == "person"
    assert [word.confidence for word in words_of(after)] == [0.5, 1.0, 0.5, 0.5, 0.5]
    assert words_of(after)[1].box == words_of(page("Une fuxte d'eau"))[1].box
    assert (after["turn"], after["width"], after["care"]) == (90, 1000, "quick")


def test_an_empty_text_takes_the_word_away_and_an_empty_line_with_it() -> None:
    after = edited(page("Une fuite", "~"), [WordEdit(2, " "), WordEdit(0, "")])
    assert after["text"] == "fuite"
    assert [word.line for word in words_of(after)] == [0]


def test_several_words_share_the_place_of_one_in_their_own_direction() -> None:
    latin = words_of(edited(page("unefuite"), [WordEdit(0, "une fuite")]))
    assert [word.text for word in latin] == ["une", "fuite"]
    assert latin[0].x0 == 0.0
    assert latin[0].x1 == latin[1].x0 < latin[1].x1 == 0.09
    arabic = words_of(edited(page("تسربماء", language="ar"), [WordEdit(0, "تسرب ماء")]))
    assert arabic[1].x1 == arabic[0].x0
    assert arabic[0].x1 == pytest.approx(0.99)


def test_a_line_typed_anew_keeps_the_places_of_the_words_that_stay() -> None:
    before = page("Une fuxte tres forte ici")
    after = words_of(edited(before, [LineEdit(0, "Une fuite très forte d'eau ici")]))
    old = {word.text: word.box for word in words_of(before)}
    assert [word.text for word in after] == ["Une", "fuite", "très", "forte", "d'eau", "ici"]
    assert after[0].box == old["Une"]
    assert after[1].box == old["fuxte"]
    assert after[3].box == old["forte"]
    assert old["forte"][2] <= after[4].x0 < after[4].x1 <= old["ici"][0]
    assert is_checked(after)


def test_a_missing_line_comes_where_its_box_stands() -> None:
    line = NewLine((0.0, 0.06, 0.5, 0.09), "entre les deux")
    after = edited(page("première", "seconde"), [line])
    assert texts(after) == ["première", "entre les deux", "seconde"]
    assert after["text"] == "première\nentre les deux\nseconde"
    assert [word.line for word in words_of(after)] == [0, 1, 1, 1, 2]


def test_blank_lines_between_paragraphs_stay() -> None:
    after = edited(page("un", "deux", gap="\n\n"), [WordEdit(1, "trois")])
    assert after["text"] == "un\n\ntrois"


def test_confirming_a_page_makes_every_word_seen_and_changes_no_text() -> None:
    before = page("Une fuite", "ici", sure=1.0)
    after = edited(before, [], confirm=True)
    assert (after["text"], after["source"], after["confidence"]) == ("Une fuite\nici", "person", 1)
    assert all(is_checked(line) for line in lines_of(words_of(after)))
    assert edited(after, [], confirm=True) is after


def test_words_that_only_the_reader_was_sure_of_do_not_count_as_seen() -> None:
    after = edited(page("Une fuite ici", sure=1.0), [WordEdit(0, "Une")])
    assert [word.confidence >= 1.0 for word in words_of(after)] == [True, False, False]
    assert not is_checked(words_of(after))


def test_no_edit_leaves_the_page_as_it_is() -> None:
    before = page("Une fuite")
    assert edited(before, []) is before


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", "a b"),
        ("\u202egnp\u202c", "gnp"),
        ("a\nb\tc", "a b c"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\ud800", "a"),
    ],
)
def test_what_a_word_may_not_hold_is_cleaned_out_of_it(text: str, kept: str) -> None:
    assert edited(page("mot"), [WordEdit(0, text)])["text"] == kept


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (WordEdit(0, "x" * 10_000), "too_long"),
        (LineEdit(0, "x" * 10_000), "too_long"),
        (WordEdit(5, "x"), "no_such_word"),
        (WordEdit(-1, "x"), "no_such_word"),
        (LineEdit(7, "x"), "no_such_word"),
        (NewLine((0.5, 0.5, 0.4, 0.6), "x"), "bad_box"),
        (NewLine((0.0, 0.0, float("nan"), 0.6), "x"), "bad_box"),
        (NewLine((0.0, 0.0, 1.5, 0.6), "x"), "bad_box"),
        (NewLine((0.0, 0.0, 0.5, 0.6), " \0 "), "nothing"),
    ],
)
def test_edits_that_cannot_be_are_refused(edit: Edit, code: str) -> None:
    with pytest.raises(BadEditError) as refused:
        edited(page("mot"), [edit])
    assert refused.value.code == code


def test_a_guessed_page_keeps_its_mark_until_a_person_saw_every_word() -> None:
    guessed = page("Une fuxte dans la rue") | {"problem": "doubtful"}
    once = edited(guessed, [WordEdit(1, "fuite")])
    assert once["problem"] == "doubtful"
    assert edited(once, [], confirm=True)["problem"] == ""
    assert typed(guessed, "Une fuite")["problem"] == ""


def test_a_typed_page_is_whole_without_places() -> None:
    unread = page() | {"source": "none", "problem": "handwriting", "language": ""}
    after = typed(unread, "  السيد المدير\r\n\r\nأطلب\u202e منكم  ")
    assert after["text"] == "السيد المدير\n\nأطلب منكم"
    assert (after["words"], after["problem"], after["source"]) == ([], "", "person")
    assert (after["language"], after["confidence"]) == ("ar", 1.0)
    with pytest.raises(BadEditError):
        typed(unread, " \n\0 ")
    with pytest.raises(BadEditError):
        typed(unread, "x" * 60_000)


@given(lines=LINES, data=st.data())
def test_text_and_words_always_agree_and_every_word_stands_on_the_page(
    lines: list[list[str]], data: st.DataObject
) -> None:
    before = page(*(" ".join(line) for line in lines))
    count = len(before["words"])
    free = st.text("ab ا0", max_size=12)
    word = st.builds(WordEdit, st.integers(0, count - 1), free)
    line = st.builds(LineEdit, st.integers(0, len(lines) - 1), free)
    after = edited(before, data.draw(st.lists(word | line, max_size=4)))
    words = words_of(after)
    assert after["text"] == "\n".join(texts(after))
    assert sorted({w.line for w in words}) == list(range(len(texts(after))))
    assert all(0 <= w.x0 <= w.x1 <= 1 and 0 <= w.y0 <= w.y1 <= 1 and w.text for w in words)


@given(lines=LINES, data=st.data())
def test_a_line_reads_as_it_was_typed(lines: list[list[str]], data: st.DataObject) -> None:
    before = page(*(" ".join(line) for line in lines))
    number = data.draw(st.integers(0, len(lines) - 1))
    text = " ".join(data.draw(st.lists(WORD, min_size=1, max_size=6)))
    after = edited(before, [LineEdit(number, text)])
    assert texts(after)[number] == text
    assert [t for n, t in enumerate(texts(after)) if n != number] == [
        " ".join(line) for n, line in enumerate(lines) if n != number
    ]
