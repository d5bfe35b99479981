"""Rows with a cell that is no value of its type, as who owns the database may write on SQLite.

One of them must not keep a verification from naming the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from ledger.problems import Problem

_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


def unreadable(row: str, detail: str = "") -> Problem:
    """Return the problem of a row that cannot be read (`row` and `detail` as in `Problem`)."""
    return Problem("row_unreadable", row, detail)


def is_unreadable(error: Exception) -> bool:
    """Return whether this is raised where a cell is no value of its type."""
    return isinstance(error, (ValueError, ArithmeticError, TypeError)) or (
        "Could not decode" in str(error)  # of SQLite: a text that is no UTF-8
    )


def read_in_parts(
    keys: Sequence[_Key], read: Callable[[Sequence[_Key]], Iterable[_Found]]
) -> tuple[list[_Found], list[_Key]]:
    """Return what is read for these keys, and the keys for which nothing can be read."""
    if not keys:
        return [], []
    try:
        return list(read(keys)), []
    except Exception as error:
        if not is_unreadable(error):
            raise
    if len(keys) == 1:
        return [], list(keys)
    middle = len(keys) // 2
    found, lost = read_in_parts(keys[:middle], read)
    more, further = read_in_parts(keys[middle:], read)
    return found + more, lost + further


def going_on(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Yield these problems, and one more where a cell keeps the check from its end."""
    try:
        yield from problems
    except Exception as error:
        if not is_unreadable(error):
            raise
        yield unreadable("registry", type(error).__name__)
