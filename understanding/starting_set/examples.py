"""A training letter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """One letter with its right answers, "" where an answer is not known."""

    ident: str
    text: str
    kind: str
    department: str
    author: str = ""  # the author, where known: letters of one author stay together
    office: bool = False  # one of the office's own; else a bundled one
    acceptable: tuple[str, ...] = ()  # further departments that a clerk would accept
    phrase: bool = False  # no letter, but words for what a department answers for
