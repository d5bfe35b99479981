"""Index maintenance: letters as they are now, and the rebuild when an index needs one."""

import logging
from collections.abc import Callable
from typing import Final

from django.db import transaction

from jobs.errors import Transient, Unavailable
from jobs.models import Job
from jobs.outbox import enqueue
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from search.contract import EngineBusy, EngineError, EngineState, EngineUnavailable
from search.engines import get_engine
from search.index.many_documents import documents_of
from search.index.rebuilding import rebuild_index
from search.kinds import SearchJob

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
VERSION: Final = "version"
ANEW: Final = "anew"
_UNFINISHED: Final = ("ready", "running")


def index_letter_work(letter_id: str, progress: Progress) -> None:
    """Do the work of one job `letter.index`: see `index_letters_work`."""
    index_letters_work([letter_id], progress)


def index_letters_work(letter_ids: list[str], progress: Progress) -> None:
    """Do the work of the jobs `letter.index`: give the engine these letters as they are now.

    Raise jobs' Unavailable while the engine is unavailable, so that the jobs wait as long as it
    takes.
    """
    try:
        if get_engine().state() == "missing" and _has_others():
            queue_rebuild(ANEW)
        get_engine().put(documents_of(letter_ids))
    except EngineUnavailable as error:
        raise Unavailable("search_unavailable", str(error)) from error
    except EngineError as error:
        raise Transient("search_refused", str(error)) from error


def wait_until_searchable() -> None:
    """Wait until every letter indexed so far is found by a search."""
    get_engine().settle()


def index_state() -> EngineState:
    """Return the state of the index; raise EngineUnavailable while the engine is unavailable.

    ready, missing (nothing indexed yet), aged (it answers, but needs a rebuild) or outdated (it
    cannot answer until it is rebuilt).
    """
    return get_engine().state()


def ensure_index() -> EngineState | None:
    """Queue a rebuild where the index needs one; idempotent.

    Return its state, None while the engine is unavailable.
    """
    try:
        state = index_state()
    except EngineUnavailable:
        return None
    if state in ("aged", "outdated"):
        queue_rebuild(VERSION)
    elif state == "missing" and _has_others():
        queue_rebuild(ANEW)
    return state


def _has_others() -> bool:
    """Return whether there are letters that no job is going to index."""
    waiting = Job.objects.filter(kind=RegistryJob.LETTER_INDEX, state__in=_UNFINISHED)
    return Letter.objects.count() > waiting.values("subject").distinct().count()


def queue_rebuild(reason: str) -> None:
    """Put a rebuild into the outbox, unless one waits or runs.

    For another `VERSION`, or `ANEW` whatever the version.
    """
    if Job.objects.filter(kind=SearchJob.INDEX_REBUILD, state__in=_UNFINISHED).exists():
        return
    log.warning("the search index is going to be rebuilt beside: %s", reason)
    with transaction.atomic():
        enqueue(SearchJob.INDEX_REBUILD, reason)


def rebuild_work(reason: str, progress: Progress) -> None:
    """Do the work of the job `index.rebuild`; taken up again, it resumes at its place."""
    try:
        if reason == ANEW or index_state() != "ready":
            rebuild_index(progress, patience=())
    except EngineBusy:
        return  # one is running by hand; the clock queues another where still needed
    except EngineUnavailable as error:
        raise Unavailable("search_unavailable", str(error)) from error
    except EngineError as error:
        raise Transient("search_refused", str(error)) from error
