"""A letter to learn from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """One letter with its right answers, "" where an answer is not known."""

    ident: str
    text: str
    kind: str
    department: str
    author: str = ""  # whose style it is, where that is known: letters of one hand stay together
    office: bool = False  # one of the office's own; else a bundled one
