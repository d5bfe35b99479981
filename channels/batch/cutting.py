"""Where a batch of pages is cut into letters: proposed from marks, corrected by people. Pure.

A plan holds the pages at which a letter begins, the pages that belong to none, the order in which
the pages follow each other, and by how much each is turned. A page keeps its number of the scan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

UPRIGHT: Final[Mapping[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What was detected on a page.

    A separator, the numbers of stickers, nothing at all (`blank`), and how many foreign codes.
    """

    separator: bool = False
    stickers: tuple[str, ...] = ()
    blank: bool = False
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of cutting; pages count from 1.

    An empty `order` is that of the scan. `turns` are degrees clockwise, of the pages that are
    turned.
    """

    starts: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    order: tuple[int, ...] = ()
    turns: Mapping[int, int] = field(default_factory=dict)


def propose(pages: Sequence[SeenPage], *, drop_blanks: bool) -> Plan:
    """Propose a plan from separators and stickers.

    A separator belongs to no letter and the next one begins behind it; a sticker stands on the
    first page of a letter, and begins one where it is first seen. Blank pages stay, unless the
    batch says that they are only backs.
    """
    starts: set[int] = set()
    left_out: set[int] = set()
    known: set[str] = set()
    for number, page in enumerate(pages, start=1):
        fresh = set(page.stickers) - known
        known |= fresh
        if page.separator:
            starts.add(number)
            left_out.add(number)
        elif fresh:
            starts.add(number)
        elif page.blank and drop_blanks:
            left_out.add(number)
    return Plan(frozenset(starts), frozenset(left_out))


def ordered(plan: Plan, count: int) -> list[int]:
    """Return all pages, those of no letter too, in the order in which they follow each other."""
    return list(plan.order) or list(range(1, count + 1))


def letters_of(plan: Plan, count: int) -> list[list[int]]:
    """Return the pages of each letter, in order, without letters that have no page."""
    return _cut(plan, ordered(plan, count))


def _cut(plan: Plan, pages: Iterable[int]) -> list[list[int]]:
    letters: list[list[int]] = []
    fresh = True
    for number in pages:
        fresh = fresh or number in plan.starts
        if number in plan.left_out:
            continue
        if fresh:
            letters.append([])
            fresh = False
        letters[-1].append(number)
    return letters


def begin_at(plan: Plan, page: int) -> Plan:
    """Begin a letter at this page, which is then part of one."""
    return replace(plan, starts=plan.starts | {page}, left_out=plan.left_out - {page})


def join_at(plan: Plan, page: int) -> Plan:
    """Join the letter of this page to the one before it."""
    until = _until(plan, page)
    letters = _cut(plan, until)
    if len(letters) < 2:
        return plan
    first, last = (until.index(number) for number in (letters[-1][0], letters[-2][-1]))
    between = set(until[last + 1 : first + 1])
    return replace(plan, starts=plan.starts - between)


def _until(plan: Plan, page: int) -> list[int]:
    """Return the pages up to this one."""
    return [*plan.order[: plan.order.index(page) + 1]] if plan.order else [*range(1, page + 1)]


def leave_out(plan: Plan, page: int) -> Plan:
    """Leave the page out of every letter; one that began at it begins at the next page."""
    return replace(plan, left_out=plan.left_out | {page})


def take_back(plan: Plan, page: int) -> Plan:
    """Put a page that was left out back into a letter."""
    return replace(plan, left_out=plan.left_out - {page})


def separate_at(plan: Plan, page: int) -> Plan:
    """Treat the page as a separator that was not detected."""
    return replace(plan, starts=plan.starts | {page}, left_out=plan.left_out | {page})


def turn_right(plan: Plan, page: int) -> Plan:
    """Turn the page by a quarter clockwise."""
    return _turned(plan, page, 90)


def turn_left(plan: Plan, page: int) -> Plan:
    """Turn the page by a quarter counterclockwise."""
    return _turned(plan, page, 270)


def _turned(plan: Plan, page: int, by: int) -> Plan:
    turns = {**plan.turns, page: (plan.turns.get(page, 0) + by) % 360}
    return replace(plan, turns={number: turn for number, turn in turns.items() if turn})


MOVES = {
    "begin": begin_at,
    "join": join_at,
    "drop": leave_out,
    "take": take_back,
    "separate": separate_at,
    "right": turn_right,
    "left": turn_left,
}


def to_before(plan: Plan, page: int, target: int) -> Plan:
    """Move the page to just before another, into the letter of that one."""
    if page == target:
        return plan
    rest, starts = _taken_out(plan, page)
    if target in starts and target not in plan.left_out:
        starts = starts - {target} | {page}
    at = rest.index(target)
    return replace(plan, order=(*rest[:at], page, *rest[at:]), starts=frozenset(starts))


def to_after(plan: Plan, page: int, target: int) -> Plan:
    """Move the page to just behind another, into the letter of that one."""
    if page == target:
        return plan
    rest, starts = _taken_out(plan, page)
    at = rest.index(target) + 1
    return replace(plan, order=(*rest[:at], page, *rest[at:]), starts=frozenset(starts))


def _taken_out(plan: Plan, page: int) -> tuple[list[int], set[int]]:
    """Return the other pages, and where letters begin then: what began here begins behind it."""
    rest, starts = list(plan.order), set(plan.starts)
    at = rest.index(page)
    del rest[at]
    if page in starts:
        starts.discard(page)
        starts.update(rest[at : at + 1])
    return rest, starts


def earlier(plan: Plan, page: int) -> Plan:
    """Move the page one place forward; a letter's first page becomes the last of the one before."""
    letters, at, place = _placed(plan, page)
    if at < 0:
        return plan
    if place > 0:
        return to_before(plan, page, letters[at][place - 1])
    return to_after(plan, page, letters[at - 1][-1]) if at > 0 else plan


def later(plan: Plan, page: int) -> Plan:
    """Move the page one place back; a letter's last page becomes the first of the next one."""
    letters, at, place = _placed(plan, page)
    if at < 0:
        return plan
    if place < len(letters[at]) - 1:
        return to_after(plan, page, letters[at][place + 1])
    return to_before(plan, page, letters[at + 1][0]) if at < len(letters) - 1 else plan


def _placed(plan: Plan, page: int) -> tuple[list[list[int]], int, int]:
    """Return the letters, which of them has the page, and where in it; -1 for none."""
    letters = _cut(plan, plan.order)
    for at, pages in enumerate(letters):
        if page in pages:
            return letters, at, pages.index(page)
    return letters, -1, -1


STEPS: Final[dict[str, Callable[[Plan, int], Plan]]] = {"earlier": earlier, "later": later}
PLACES: Final[dict[str, Callable[[Plan, int, int], Plan]]] = {
    "before": to_before,
    "after": to_after,
}


def is_touched(before: Plan, after: Plan, fixed: Iterable[int], count: int) -> bool:
    """Return whether a change affects registered letters, given by their first pages."""
    old, new = (_turned_letters(plan, count) for plan in (before, after))
    return any(old.get(first) != new.get(first) for first in fixed)


def _turned_letters(plan: Plan, count: int) -> dict[int, list[tuple[int, int]]]:
    """Return the pages of each letter with their turns, by its first page."""
    return {
        letter[0]: [(page, plan.turns.get(page, 0)) for page in letter]
        for letter in letters_of(plan, count)
    }


def left_out_of(plan: Plan, count: int, letter: Sequence[int]) -> list[int]:
    """Return the pages left out between a letter's first page and the next letter."""
    pages = ordered(plan, count)
    found: list[int] = []
    for number in pages[pages.index(letter[0]) :]:
        if number in plan.left_out:
            if number in plan.starts:
                break
            found.append(number)
        elif number not in letter:
            break
    return found
