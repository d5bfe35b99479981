"""Analysis of letters in a child process, which must set Django up before it imports anything."""

import os
import threading
from multiprocessing import parent_process
from typing import Any
from uuid import UUID


def begin_child() -> None:
    """Set up each child once.

    It ends with its parent, however that ends: else it would wait for work for ever.
    """
    import django

    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def analyse_in_child(ids: list[UUID]) -> Any:
    """Return `search.index.analysing.analyse_letters` of these letters."""
    from search.index.analysing import analyse_letters

    return analyse_letters(ids)
