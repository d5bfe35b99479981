"""A legal term that a letter has of its own, by the requested service."""

from typing import Any

from registry.models.letters import Letter
from routing.clocks.due import due_of
from routing.clocks.reckoning import OWN


def due_by_own_term(letter: Letter, term: dict[str, Any]) -> dict[str, Any]:
    """Return the columns due_on and due_explained of a letter that gets a term of its own.

    `term` is what `reckoning.own_term` returns. Empty where the letter is not one that is answered.
    """
    before = letter.due_explained
    letter.due_explained = {**before, OWN: term}
    try:
        return due_of(letter)
    finally:
        letter.due_explained = before
