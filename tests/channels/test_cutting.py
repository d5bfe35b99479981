"""The rules of cutting, and marks: every page in one letter or in none, whatever is clicked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.batch.cutting import (
    MOVES,
    PLACES,
    STEPS,
    Plan,
    SeenPage,
    begin_at,
    join_at,
    left_out_of,
    letters_of,
    propose,
)
from channels.batch.marks import Mark, code_of, new_number, read_mark

pages = st.lists(
    st.builds(
        SeenPage,
        separator=st.booleans(),
        stickers=st.lists(st.sampled_from("ABC"), max_size=1).map(tuple),
        blank=st.booleans(),
        foreign=st.integers(0, 2),
    ),
    max_size=20,
)
PLAIN, SEP, BLANK = SeenPage(), SeenPage(separator=True), SeenPage(blank=True)


def sticker(number: str) -> SeenPage:
    return SeenPage(stickers=(number,))


@pytest.mark.parametrize(
    ("seen", "drop", "letters"),
    [
        ([], False, []),
        ([PLAIN, PLAIN], False, [[1, 2]]),
        ([SEP, PLAIN, PLAIN, SEP, PLAIN], False, [[2, 3], [5]]),
        ([SEP, SEP, PLAIN, SEP, SEP], False, [[3]]),
        ([PLAIN, SEP, PLAIN], False, [[1], [3]]),
        ([sticker("A"), PLAIN, sticker("B"), sticker("B")], False, [[1, 2], [3, 4]]),
        ([SEP, sticker("A"), PLAIN], False, [[2, 3]]),
        ([SEP, PLAIN, BLANK, PLAIN], False, [[2, 3, 4]]),
        ([SEP, PLAIN, BLANK, PLAIN], True, [[2, 4]]),
        ([SEP, BLANK, PLAIN], True, [[3]]),
        ([SeenPage(foreign=2), SeenPage(foreign=1)], False, [[1, 2]]),
    ],
)
def test_what_is_seen_proposes_the_cuts(
    seen: list[SeenPage], drop: bool, letters: list[list[int]]
) -> None:
    assert letters_of(propose(seen, drop_blanks=drop), len(seen)) == letters


@given(
    pages, st.booleans(), st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(1, 20)))
)
def test_each_page_is_in_one_letter_or_left_out(
    seen: list[SeenPage], drop: bool, clicked: list[tuple[str, int]]
) -> None:
    plan = propose(seen, drop_blanks=drop)
    for move, page in clicked:
        if page <= len(seen):
            plan = MOVES[move](plan, page)
    letters = letters_of(plan, len(seen))
    kept = [page for letter in letters for page in letter]
    assert kept == sorted(set(kept))
    assert set(kept) | {p for p in plan.left_out if p <= len(seen)} == set(range(1, len(seen) + 1))
    assert not set(kept) & plan.left_out
    assert all(letters)


@given(pages, st.integers(2, 20))
def test_a_cut_that_is_made_and_taken_back_leaves_the_letters_as_they_were(
    seen: list[SeenPage], page: int
) -> None:
    plan = propose(seen, drop_blanks=False)
    before = letters_of(plan, len(seen))
    inside = [n for letter in before for n in letter[1:]]
    if page in inside:
        cut = begin_at(plan, page)
        assert len(letters_of(cut, len(seen))) == len(before) + 1
        assert letters_of(join_at(cut, page), len(seen)) == before


@given(pages)
def test_joining_everything_gives_one_letter(seen: list[SeenPage]) -> None:
    plan = propose(seen, drop_blanks=False)
    for page in range(1, len(seen) + 1):
        plan = join_at(plan, page)
    assert len(letters_of(plan, len(seen))) <= 1


def test_dropping_the_first_page_keeps_the_cut() -> None:
    plan = MOVES["drop"](Plan(frozenset({3})), 3)

    assert letters_of(plan, 5) == [[1, 2], [4, 5]]


@given(st.text(max_size=60))
def test_a_code_of_somebody_else_is_no_mark(text: str) -> None:
    assert read_mark(text) is None
    assert read_mark(f"SIJILL/SEP/1/{text}") is None or text == code_of(Mark("SEP", "1"))[13:]


def test_marks_are_read_back_by_this_office_alone(settings: object) -> None:
    mark = Mark("STK", new_number())
    code = code_of(mark)
    assert read_mark(code) == mark
    assert read_mark(code.replace("/STK/", "/SEP/")) is None

    settings.TRACKING_KEY = b"another office's key"  # type: ignore[attr-defined]
    assert read_mark(code) is None


def scanned(count: int, *starts: int, left_out: tuple[int, ...] = ()) -> Plan:
    return Plan(frozenset(starts), frozenset(left_out), tuple(range(1, count + 1)))


@pytest.mark.parametrize(
    ("move", "page", "target", "letters"),
    [
        ("before", 5, 2, [[1, 5, 2, 3], [4, 6]]),
        ("after", 2, 5, [[1, 3], [4, 5, 2, 6]]),
        ("before", 1, 4, [[2, 3], [1, 4, 5, 6]]),  # the first one moves: another is first then
        ("after", 4, 1, [[1, 4, 2, 3], [5, 6]]),
        ("before", 6, 1, [[6, 1, 2, 3], [4, 5]]),
        ("after", 3, 3, [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_a_page_is_moved_into_the_letter_of_its_new_neighbour(
    move: str, page: int, target: int, letters: list[list[int]]
) -> None:
    assert letters_of(PLACES[move](scanned(6, 1, 4), page, target), 6) == letters


def test_a_page_walks_over_the_edges_of_letters_and_back() -> None:
    plan = scanned(5, 1, 4)
    over = STEPS["later"](plan, 3)
    assert letters_of(over, 5) == [[1, 2], [3, 4, 5]]
    assert letters_of(STEPS["earlier"](over, 3), 5) == [[1, 2, 3], [4, 5]]
    assert STEPS["earlier"](plan, 1) == plan
    assert STEPS["later"](plan, 5) == plan
    alone = scanned(4, 1, 3, 4)
    assert letters_of(STEPS["earlier"](alone, 3), 4) == [[1, 2, 3], [4]]


@given(
    pages,
    st.lists(
        st.tuples(
            st.sampled_from([*sorted(MOVES), *sorted(STEPS), *sorted(PLACES)]),
            st.integers(1, 20),
            st.integers(1, 20),
        )
    ),
)
def test_no_page_is_lost_or_doubled_whatever_is_moved(
    seen: list[SeenPage], clicked: list[tuple[str, int, int]]
) -> None:
    count = len(seen)
    plan = replace(propose(seen, drop_blanks=True), order=tuple(range(1, count + 1)))
    for move, page, target in clicked:
        if page <= count and move in PLACES and target <= count:
            plan = PLACES[move](plan, page, target)
        elif page <= count and move not in PLACES:
            plan = (MOVES.get(move) or STEPS[move])(plan, page)
    kept = [page for letter in letters_of(plan, count) for page in letter]
    assert sorted([*kept, *plan.left_out]) == sorted(plan.order) == list(range(1, count + 1))


def test_four_turns_are_none_and_left_out_pages_are_told() -> None:
    plan = scanned(3)
    for _ in range(4):
        plan = MOVES["right"](plan, 2)
    assert plan.turns == {}
    assert MOVES["left"](plan, 2).turns == {2: 270}
    plan = scanned(6, 1, 5, left_out=(2, 4, 5))
    assert left_out_of(plan, 6, [1, 3]) == [2, 4]
    assert left_out_of(plan, 6, [6]) == []
