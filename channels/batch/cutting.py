"""Where a batch of pages is cut into letters: proposed by what was seen, mended by people. Pure.

A plan holds the pages at which a letter begins, and the pages that belong to none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What was seen on a page: a separator, the numbers of stickers, nothing at all (`blank`),
    and how many codes of others.
    """

    separator: bool = False
    stickers: tuple[str, ...] = ()
    blank: bool = False
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Pages from 1."""

    starts: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


def propose(pages: Sequence[SeenPage], *, drop_blanks: bool) -> Plan:
    """A separator belongs to no letter and the next one begins behind it; a sticker stands on the
    first page of a letter, and begins one where it is seen first. Blank pages stay, unless the
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
    """The pages of each letter, in order; a letter of no page is none."""
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
    """A letter begins at this page, which is then part of one."""
    return Plan(plan.starts | {page}, plan.left_out - {page})


def join_at(plan: Plan, page: int) -> Plan:
    """The letter that begins at this page goes on with the one before it."""
    before = [n for n in range(1, page) if n not in plan.left_out]
    last = before[-1] if before else 0
    return replace(plan, starts=frozenset(n for n in plan.starts if not last < n <= page))


def leave_out(plan: Plan, page: int) -> Plan:
    """The page belongs to no letter; where a letter began at it, it begins at the next one."""
    return replace(plan, left_out=plan.left_out | {page})


def take_back(plan: Plan, page: int) -> Plan:
    """The page belongs to a letter again."""
    return replace(plan, left_out=plan.left_out - {page})


def separate_at(plan: Plan, page: int) -> Plan:
    """The page is a separator that was not seen as one."""
    return Plan(plan.starts | {page}, plan.left_out | {page})


MOVES = {
    "begin": begin_at,
    "join": join_at,
    "drop": leave_out,
    "take": take_back,
    "separate": separate_at,
}


def is_touched(before: Plan, after: Plan, fixed: Iterable[int], count: int) -> bool:
    """Whether a change reaches into letters that are registered already, by their first pages."""
    old = {letter[0]: letter for letter in letters_of(before, count)}
    new = {letter[0]: letter for letter in letters_of(after, count)}
    return any(old.get(first) != new.get(first) for first in fixed)
