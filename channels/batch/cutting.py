"""Where a batch of pages is cut into letters: proposed from marks, corrected by people. Pure.

A plan holds the pages at which a letter begins, and the pages that belong to none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


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
    """The plan of cutting; pages count from 1."""

    starts: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


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


def letters_of(plan: Plan, count: int) -> list[list[int]]:
    """Return the pages of each letter, in order, without letters that have no page."""
    letters: list[list[int]] = []
    fresh = True
    for number in range(1, count + 1):
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
    return Plan(plan.starts | {page}, plan.left_out - {page})


def join_at(plan: Plan, page: int) -> Plan:
    """Join the letter that begins at this page to the one before it."""
    before = [n for n in range(1, page) if n not in plan.left_out]
    last = before[-1] if before else 0
    return replace(plan, starts=frozenset(n for n in plan.starts if not last < n <= page))


def leave_out(plan: Plan, page: int) -> Plan:
    """Leave the page out of every letter; one that began at it begins at the next page."""
    return replace(plan, left_out=plan.left_out | {page})


def take_back(plan: Plan, page: int) -> Plan:
    """Put a page that was left out back into a letter."""
    return replace(plan, left_out=plan.left_out - {page})


def separate_at(plan: Plan, page: int) -> Plan:
    """Treat the page as a separator that was not detected."""
    return Plan(plan.starts | {page}, plan.left_out | {page})


MOVES = {
    "begin": begin_at,
    "join": join_at,
    "drop": leave_out,
    "take": take_back,
    "separate": separate_at,
}


def is_touched(before: Plan, after: Plan, fixed: Iterable[int], count: int) -> bool:
    """Return whether a change affects registered letters, given by their first pages."""
    old = {letter[0]: letter for letter in letters_of(before, count)}
    new = {letter[0]: letter for letter in letters_of(after, count)}
    return any(old.get(first) != new.get(first) for first in fixed)
