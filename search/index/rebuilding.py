"""Rebuild of all letters beside the active index, then a swap; resumes where interrupted."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final
from uuid import UUID

from registry.models.letters import Letter
from search.contract import EngineUnavailable, IndexBuild
from search.engines import get_engine
from search.index.analysing import Analysed, analyse_letters
from search.index.rebuilding_child import analyse_in_child, begin_child

Progress = Callable[[int, int], None]

_READ_TOGETHER: Final = 250
_KEPT_TOGETHER: Final = 2_500
_WORTH_A_CHILD: Final = 5_000  # letters; below, starting one takes longer than the work
# How long an engine that is away or full is waited for, with the place kept.
_PATIENCE: Final = (1, 2, 5, 10, 20, 30)


def rebuild_index(
    progress: Progress = lambda done, total: None,
    *,
    processes: int = 1,
    anew: bool = False,
    patience: Sequence[float] = _PATIENCE,
) -> int:
    """Index every letter anew beside the old index, then swap; return how many letters it has.

    Letters that change meanwhile are put into both by their own jobs. A rebuild that was
    interrupted is resumed where it was, unless `anew`. `processes` analyse side by side (1: none
    but this one); `progress(done, total)` counts letters. Raise EngineBusy when a rebuild is
    running already, EngineUnavailable when the engine is unavailable for longer than `patience`
    (seconds).
    """
    with get_engine().rebuild(anew=anew) as new:
        last = UUID(new.place) if new.place else None
        total = Letter.objects.count()
        done = Letter.objects.filter(pk__lte=last).count() if last else 0
        progress(done, max(total, done))
        few = total - done < _WORTH_A_CHILD
        for place, count, analysed in gathered(last, 1 if few else processes):
            _write(new, place, analysed, patience)
            done += count
            progress(done, max(total, done))
    return done


def _write(new: IndexBuild, place: UUID, analysed: Analysed, patience: Sequence[float]) -> None:
    for seconds in (*patience, None):
        try:
            new.put_analysed(analysed)
            new.keep(str(place))
            return
        except EngineUnavailable:
            if seconds is None:
                raise
            time.sleep(seconds)


def gathered(last: UUID | None, processes: int) -> Iterator[tuple[UUID, int, Analysed]]:
    """Yield (last id, letters, their words) of some thousand letters, or of fewer long ones."""
    together: Analysed = []
    count, size = 0, 0
    place = last
    with _analysing(processes) as analysed_by:
        for ids, analysed in analysed_by(_all_ids(last)):
            together += analysed
            count += len(ids)
            size += sum(len(terms.stems) for _, terms in analysed)
            place = ids[-1]
            if count >= _KEPT_TOGETHER or size > 20_000_000:
                yield place, count, together
                together, count, size = [], 0, 0
        if count and place:
            yield place, count, together


def _all_ids(last: UUID | None) -> Iterator[list[UUID]]:
    """Yield all letters in short reads by primary key: no long transaction, bounded memory."""
    while True:
        letters = Letter.objects.order_by("pk")
        after = letters.filter(pk__gt=last) if last else letters
        ids = list(after.values_list("pk", flat=True)[:_READ_TOGETHER])
        if not ids:
            return
        yield ids
        last = ids[-1]


Work = Callable[[Iterator[list[UUID]]], Iterator[tuple[list[UUID], Analysed]]]


@contextmanager
def _analysing(processes: int) -> Iterator[Work]:
    """Analyse here, or in child processes with a few pieces of work ahead."""
    if processes == 1:
        yield lambda pieces: ((ids, analyse_letters(ids)) for ids in pieces)
        return
    children = ProcessPoolExecutor(processes, get_context("spawn"), initializer=begin_child)
    try:
        yield lambda pieces: _side_by_side(children, pieces, ahead=2 * processes)
    finally:
        children.shutdown(cancel_futures=True)


def _side_by_side(
    children: ProcessPoolExecutor, pieces: Iterator[list[UUID]], *, ahead: int
) -> Iterator[tuple[list[UUID], Analysed]]:
    waiting: deque[tuple[list[UUID], Future[Analysed]]] = deque()
    for ids in pieces:
        waiting.append((ids, children.submit(analyse_in_child, ids)))
        if len(waiting) > ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    for ids, future in waiting:
        yield ids, future.result()
