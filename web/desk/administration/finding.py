"""One line of the health page."""

from dataclasses import dataclass

OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was checked, its state, and (unless it is well) what to do.

    `command`: what to do at a terminal, where `todo` speaks of the page's buttons.
    """

    name: str
    state: str
    words: str
    todo: str = ""
    link: str = ""
    command: str = ""
