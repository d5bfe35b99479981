"""The pages of one file, read by one child process or by several in parallel.

A page is given to whichever child is free. A page on which a child crashes is tried once more in a
fresh one, then marked; all other pages are read.
"""

from __future__ import annotations

import json
import selectors
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocr.children.confined import Child
from ocr.children.cores import Cores
from ocr.errors import ReaderFailed, Unreadable
from ocr.reading import PageReading
from sandbox.process import ChildDied

OnPage = Callable[[PageReading, int], None]
OPENING_SECONDS = 20.0  # beyond a page's time: start of Python, opening, the first page
MOST_DEATHS = 6  # children one file may cost before the rest of it is abandoned
_MOST_PAGES = 100_000  # a child that reports more pages is no longer trusted
_GLANCE_SECONDS = 0.3  # a first page that takes longer is no page of text
_WORTH_SECONDS = 3.0  # of pending work: less is done before another child has started


@dataclass(slots=True)
class Outcome:
    """The result of a run: pages of the file, the engine's name, and children lost.

    Also whether all the wanted pages were read (else a stop was requested).
    """

    total: int = 0
    engine: str = ""
    deaths: int = 0
    finished: bool = False


@dataclass(eq=False, slots=True)
class _Worker:
    """A child process, and the page it is reading."""

    child: Child
    number: int = 0
    deadline: float = field(default=0.0)


class WorkerPool:
    """A pool of children that reads `numbers` (all pages where None) of the file at `path`.

    `arguments` name it to each `child`. `on_page(page, total)` is called in the order in
    which pages are finished; `go_on()` before another page is begun. `run` raises Unreadable when
    the file can't be opened, ReaderFailed when two children die before they opened it, and what
    `on_page` raises.
    """

    def __init__(
        self,
        path: Path,
        arguments: list[str],
        *,
        numbers: Sequence[int] | None,
        page_seconds: float,
        on_page: OnPage,
        cores: Cores,
        go_on: Callable[[], bool],
        deaths: int = 0,
    ) -> None:
        self._path, self._arguments = path, arguments
        self._everything = numbers is None
        self._waiting = deque([1] if numbers is None else numbers)
        self._seconds = page_seconds + OPENING_SECONDS
        self._on_page = on_page
        self._cores = cores
        self._go_on = go_on
        self._hands: list[_Worker] = []
        self._tries: Counter[int] = Counter()
        self._pace = 0.0  # seconds of the page that was read last
        self._stopped = False
        self.outcome = Outcome(deaths=deaths)

    def run(self) -> Outcome:
        """Read until nothing is left to read, or until `go_on` returns False."""
        with selectors.DefaultSelector() as self._selector:
            try:
                self._start_workers()
                while self._hands:
                    self._listen()
                    self._start_workers()
            finally:
                for hand in list(self._hands):
                    self._dismiss(hand)
        self.outcome.finished = not self._waiting
        return self.outcome

    def _start_workers(self) -> None:
        """Start as many workers as there is work for and cores are free; one at least."""
        while self._waiting and not self._stopped:
            if not self._hands:
                self._cores.join()
            elif self._pace * len(self._waiting) < _WORTH_SECONDS or not self._cores.join_spare():
                return
            try:
                hand = _Worker(_start(self._path, self._arguments))
            except BaseException:
                self._cores.leave()
                raise
            self._hands.append(hand)
            self._selector.register(hand.child, selectors.EVENT_READ, hand)
            self._ask(hand)

    def _ask(self, hand: _Worker) -> None:
        hand.number = self._waiting.popleft()
        hand.deadline = time.monotonic() + self._seconds
        hand.child.ask(str(hand.number))

    def _dismiss(self, hand: _Worker) -> None:
        self._hands.remove(hand)
        self._selector.unregister(hand.child)
        hand.child.end()
        self._cores.leave()

    def _listen(self) -> None:
        """Process what the children report next; end those whose time is up."""
        wait = min(hand.deadline for hand in self._hands) - time.monotonic()
        if first := bool(self.outcome.total) and not self._pace:
            wait = min(wait, _GLANCE_SECONDS)
        said = self._selector.select(max(0.0, wait))
        if first and not said:
            self._pace = _GLANCE_SECONDS  # at least: further workers need not wait for its end
        for key, _ in said:
            hand: _Worker = key.data
            try:
                for line in hand.child.lines():
                    self._take(hand, line)
            except ChildDied as death:
                if hand in self._hands:
                    self._lose(hand, death)
        for hand in [one for one in self._hands if time.monotonic() > one.deadline]:
            self._lose(hand, ChildDied("timeout", "the page took too long"))

    def _take(self, hand: _Worker, line: bytes) -> None:
        if hand not in self._hands:
            return  # sent by a worker that was dismissed at an earlier line
        event = _parsed(line)
        if event["event"] == "open":
            self._opened(event)
        elif event["event"] == "page":
            self._take_page(hand, event)
        elif not self.outcome.total:
            raise Unreadable(event["code"], event["detail"])
        else:  # it opened for another child, so the failure is of this page
            self._dismiss(hand)
            self._mark(hand.number, event["code"])

    def _opened(self, event: dict[str, Any]) -> None:
        outcome, first = self.outcome, not self.outcome.total
        outcome.total, outcome.engine = event["total"], event["engine"]
        if first and self._everything:
            self._waiting.extend(range(2, outcome.total + 1))

    def _take_page(self, hand: _Worker, event: dict[str, Any]) -> None:
        try:
            page = PageReading.from_dict(event["page"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ChildDied("crashed", "the reader answered nonsense") from None
        if page.number != hand.number:
            raise ChildDied("crashed", "the reader answered for another page")
        self._pace = page.seconds
        self._go_further(hand)  # before the caller's work: the child need not wait for it
        self._on_page(page, self.outcome.total)

    def _go_further(self, hand: _Worker) -> None:
        if self._waiting and not self._stopped:
            self._stopped = not self._go_on()
        crowded = self._cores.crowded and len(self._hands) > 1
        if self._waiting and not self._stopped and not crowded:
            self._ask(hand)
        else:
            self._dismiss(hand)

    def _lose(self, hand: _Worker, death: ChildDied) -> None:
        self._dismiss(hand)
        self.outcome.deaths += 1
        self._tries[hand.number] += 1
        again = self._tries[hand.number] < 2 and death.code != "timeout"
        if not self.outcome.total and death.code == "timeout":
            raise Unreadable("timeout", "opening")
        if not self.outcome.total and not again:
            raise ReaderFailed(str(death))
        if self.outcome.deaths >= MOST_DEATHS and self.outcome.total:
            numbers = [hand.number, *self._waiting]
            self._waiting.clear()
            for number in numbers:
                self._mark(number, death.code)
        elif again:
            self._waiting.appendleft(hand.number)
        else:
            self._mark(hand.number, death.code)

    def _mark(self, number: int, code: str) -> None:
        """Record that the page was not read, for the reason `code`."""
        self._on_page(PageReading(number, "none", problem=code), self.outcome.total)


def _start(path: Path, arguments: list[str]) -> Child:
    """Start a child that reads this file, and may start Tesseract."""
    engine = shutil.which("tesseract")
    return Child(arguments, reads=[path], programs=[engine] if engine else [])


def _parsed(line: bytes) -> dict[str, Any]:
    """Return the child's event, its field types checked. Raise ChildDied on anything else."""
    try:
        event = dict(json.loads(line))
        kind = event["event"]
        right = (
            (kind == "open" and isinstance(event["engine"], str) and _is_total(event["total"]))
            or (kind == "page" and isinstance(event["page"], dict))
            or (kind == "error" and event["code"] in Unreadable.CODES)
        )
        if right:
            return event
    except (KeyError, TypeError, ValueError):
        pass
    raise ChildDied("crashed", "the reader answered nonsense")


def _is_total(value: object) -> bool:
    return isinstance(value, int) and 0 < value <= _MOST_PAGES
