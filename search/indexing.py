"""Keeping the index: a letter as it is now, all letters anew beside the old index."""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from jobs.errors import Transient, Unavailable
from registry.models import Letter
from search.contract import EngineError, EngineState, EngineUnavailable, SearchDocument
from search.documents import document_of, to_document
from search.engines import get_engine

Progress = Callable[[int, int], None]

_REBUILD_CHUNK: Final = 100


def index_letter_work(letter_id: str, progress: Progress) -> None:
    """The work of the job `letter.index`: give the engine the letter as it is now.

    Raises jobs' Unavailable while the engine is away, so that the job waits as long as it takes.
    """
    document = document_of(letter_id)
    if document is None:
        return
    try:
        get_engine().put([document])
    except EngineUnavailable as error:
        raise Unavailable("search_unavailable", str(error)) from error
    except EngineError as error:
        raise Transient("search_refused", str(error)) from error


def settle_index() -> None:
    """Wait until every letter indexed so far is found by a search."""
    get_engine().settle()


def index_state() -> EngineState:
    """ready, missing (nothing indexed yet) or outdated (rebuild it); EngineUnavailable else."""
    return get_engine().state()


def rebuild_index(progress: Progress = lambda done, total: None) -> int:
    """Index every letter anew beside the old index, then swap; returns how many letters.

    Letters that change meanwhile are put into both by their own jobs. Raises EngineBusy when a
    rebuild is running already, EngineUnavailable when the engine is away.
    """
    total = Letter.objects.count()
    done = 0
    with get_engine().rebuild() as new:
        for documents in _all_documents():
            new.put(documents)
            done += len(documents)
            progress(done, max(total, done))
    return done


def _all_documents() -> Iterator[list[SearchDocument]]:
    """All letters in short reads along the primary key: no long transaction, bounded memory."""
    last: UUID | None = None
    while True:
        letters = Letter.objects.for_lists().order_by("pk")
        chunk = list((letters.filter(pk__gt=last) if last else letters)[:_REBUILD_CHUNK])
        if not chunk:
            return
        yield [to_document(letter) for letter in chunk]
        last = chunk[-1].pk
