"""Many people at once in a bench: each in a thread, working in rounds until all go home."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from benches._day import THINK, Day

_ARRIVE = 60.0  # seconds within which all have come, at most
_HOME = 150.0


class Crowd:
    """People at work; whatever one of them could not do is kept, and the next round begins."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self._threads: list[threading.Thread] = []

    def come(self, name: str, work: Callable[[], None], *, role: str) -> None:
        """Let somebody come, at a moment within the first rest of their role."""
        wait = random.uniform(0, min(_ARRIVE, THINK[role]) * min(self.day.think, 1) + 0.5)

        def rounds() -> None:
            self.day.over.wait(wait)
            while not self.day.over.is_set():
                try:
                    work()
                    self.day.record.done(role)
                except Exception as error:  # somebody's trouble is the bench's result
                    if not self.day.over.is_set():
                        self.day.record.trouble(name, error)
                        self.day.over.wait(0.3)
                        self.day.rest(role)

        thread = threading.Thread(target=rounds, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def words(self) -> str:
        """Return in a line how it goes."""
        record = self.day.record
        ended: Counter[str] = Counter(one.outcome for one in list(record.asked))
        told = ", ".join(f"{count} {name}" for name, count in sorted(ended.items()))
        seconds = time.monotonic() - record.began
        accepted, troubles = len(self.day.books.accepted), len(record.troubles)
        return f"  {seconds:5.0f} s: {accepted} letters accepted; {told}; {troubles} troubles"

    def go_home(self, *, seconds: float = _HOME) -> list[str]:
        """End the day: what somebody is at is brought to its end; return who never ended."""
        self.day.over.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]
