"""Analysing letters in a child process, which must set Django up before it imports anything."""

from typing import Any
from uuid import UUID


def begin_child() -> None:
    """Once in each child."""
    import django

    django.setup()


def analyse_in_child(ids: list[UUID]) -> Any:
    """See `rebuilding.analyse_letters`."""
    from search.index.rebuilding import analyse_letters

    return analyse_letters(ids)
