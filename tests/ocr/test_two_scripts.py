"""Pages in two scripts: each stretch of a line as its own script has it."""

from __future__ import annotations

import numpy as np

from ocr.careful.merging import pieces_of
from ocr.careful.two_scripts import boxes_of_other_script, of_both
from ocr.engines.contract import SeenLine, SeenWord
from ocr.picture.layout import Page

HIGH = 20.0


def line(text: str, *, left: float, top: float, sure: float, from_right: bool = False) -> SeenLine:
    words = text.split()
    spots = [left + 70.0 * n for n in range(len(words))]
    if from_right:
        spots.reverse()
    return SeenLine(
        tuple(
            SeenWord(word, (x, top, x + 60.0, top + HIGH), sure)
            for word, x in zip(words, spots, strict=True)
        ),
        0,
    )


def page_of(*rows: tuple[float, bool]) -> Page:
    """Rows of ink at a height, joined and dotted as Arabic is or apart as Latin letters are."""
    boxes = []
    for top, joined in rows:
        wide = 40.0 if joined else 12.0
        boxes += [(x, top, x + wide, top + HIGH * 0.9) for x in np.arange(0.0, 400.0, wide + 4.0)]
        if joined:
            boxes += [(x, top + 1, x + 4.0, top + 5.0) for x in np.arange(10.0, 400.0, 60.0)]
    return Page(np.array(boxes), HIGH, 0.0, lying=False)


ROWS = [0.0, 40.0, 80.0, 120.0]
NONSENSE = [line("dst jlb xkcd lal", left=0, top=top, sure=0.7) for top in ROWS[:3]]
FRENCH = line("je demande un contrat", left=0, top=ROWS[3], sure=0.95)
ARABIC = [
    line("أطلب عقد اشتراك جديد", left=0, top=top, sure=0.8, from_right=True) for top in ROWS[:3]
]


def test_arabic_that_was_read_as_latin_nonsense_is_taken_from_the_arabic_reading() -> None:
    page = page_of(*((top, True) for top in ROWS[:3]), (ROWS[3], False))
    read = [*NONSENSE, FRENCH]
    assert boxes_of_other_script(page, read, arabic=False)
    nonsense = line("بم بي عشق نعم", left=0, top=ROWS[3], sure=0.85, from_right=True)
    both = of_both(page, read, [*ARABIC, nonsense], arabic=False)
    assert [one.text for one in both] == [*(one.text for one in ARABIC), FRENCH.text]


def test_a_page_in_one_script_is_not_read_in_the_other() -> None:
    page = page_of(*((top, False) for top in ROWS))
    read = [line("une ligne assez faible", left=0, top=top, sure=0.5) for top in ROWS]
    assert not boxes_of_other_script(page, read, arabic=False)


def test_blurred_latin_without_dots_is_not_taken_for_arabic() -> None:
    page = page_of(*((top, True) for top in ROWS))
    undotted = Page(page.boxes[page.boxes[:, 3] - page.boxes[:, 1] > 10], HIGH, 0.0, lying=False)
    read = [line("une ligne assez faible", left=0, top=top, sure=0.5) for top in ROWS]
    assert boxes_of_other_script(page, read, arabic=False)
    assert not boxes_of_other_script(undotted, read, arabic=False)


def test_a_surer_reading_of_nothing_changes_nothing() -> None:
    page = page_of((ROWS[0], True))
    assert of_both(page, ARABIC[:1], [], arabic=True) == ARABIC[:1]


def test_words_of_an_arabic_line_on_a_french_page_keep_their_order() -> None:
    piece, *_ = pieces_of(ARABIC[:1], [(0.0, 0.0, 400.0, HIGH)])
    assert piece.first
    assert piece.first.text == ARABIC[0].text
    assert not piece.needs_second(HIGH)


def test_a_few_arabic_words_in_a_french_line_are_read_in_arabic_where_they_stand() -> None:
    boxes = [(x, 0.0, x + 12.0, 18.0) for x in np.arange(0.0, 210.0, 16.0)]
    boxes += [(x, 0.0, x + 40.0, 18.0) for x in np.arange(210.0, 350.0, 44.0)]
    boxes += [(x, 0.0, x + 12.0, 18.0) for x in np.arange(350.0, 480.0, 16.0)]
    page = Page(np.array(boxes), HIGH, 0.0, lying=False)
    french = line("objet du devis", left=0, top=0, sure=0.95)
    nonsense = line("xl kdl", left=210, top=0, sure=0.3)
    after = line("votre demande", left=350, top=0, sure=0.95)
    read = [SeenLine((*french.words, *nonsense.words, *after.words), 0)]
    assert boxes_of_other_script(page, read, arabic=False)
    arabic = line("عرض أثمان", left=210, top=0, sure=0.8, from_right=True)
    guessed = line("نثق ةبم", left=350, top=0, sure=0.3, from_right=True)
    (one,) = of_both(page, read, [SeenLine((*guessed.words, *arabic.words), 0)], arabic=False)
    assert one.text == "objet du devis عرض أثمان votre demande"


def test_a_page_that_is_weak_as_a_whole_is_bad_rather_than_mixed() -> None:
    page = page_of(*((top, True) for top in ROWS))
    undotted = Page(page.boxes[page.boxes[:, 3] - page.boxes[:, 1] > 10], HIGH, 0.0, lying=False)
    weak = [line("une ligne assez faible", left=0, top=top, sure=0.5) for top in ROWS]
    sure = [line("une ligne bien lue", left=0, top=top, sure=0.95) for top in ROWS[:2]]
    assert not boxes_of_other_script(undotted, weak, arabic=False)
    assert boxes_of_other_script(undotted, [*sure, *weak[2:]], arabic=False)
