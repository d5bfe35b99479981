"""The embedded worker: threads that poll the outbox, woken by the doorbell."""

import logging
import threading
import time
import traceback

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from jobs import runner
from jobs.delivery import bell

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
TICK_SECONDS = 60.0


class Workers:
    """A thread for urgent jobs, one for other quick ones and `slow` threads for reading."""

    def __init__(self, *, slow: int | None = None) -> None:
        self._stop = threading.Event()
        count = slow or settings.WORKER_THREADS
        names = ["urgent", "fast"] + ["slow"] * count
        self._threads = [
            threading.Thread(target=self._loop, args=(queue,), name=f"{queue}-{n}", daemon=True)
            for n, queue in enumerate(names)
        ]

    def start(self) -> None:
        """Start the threads; work left by a dead process of this host is taken up at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, seconds: float = 10) -> None:
        """Let running jobs end, for at most `seconds`; what does not is taken up later."""
        self._stop.set()
        bell.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _loop(self, queue: str) -> None:
        last_beat = last_tick = 0.0
        while not self._stop.is_set():
            try:
                if queue == "fast" and time.monotonic() - last_beat > runner.BEAT_SECONDS:
                    last_beat = time.monotonic()
                    runner.beat()
                    runner.free_dead_leases()
                if queue == "fast" and time.monotonic() - last_tick > TICK_SECONDS:
                    last_tick = time.monotonic()
                    runner.tick()
                busy = self._round(queue)
            except DatabaseError as error:
                log.warning("database away: %s", type(error).__name__)
                busy = False
            except Exception as error:  # whatever it is, the thread must live on
                where = "".join(traceback.format_tb(error.__traceback__))
                log.error("worker stumbled: %s at\n%s", type(error).__name__, where)
                busy = False
            finally:
                close_old_connections()
            if not busy:
                bell.wait(POLL_SECONDS)
                bell.clear()
        connections.close_all()

    def _round(self, queue: str) -> bool:
        """Do one job, then return: what has become due meanwhile may be more urgent."""
        urgent = {"urgent": True, "fast": False}.get(queue)
        where = "fast" if queue == "urgent" else queue
        for job_id in runner.offered(queue=where, urgent=urgent):
            if self._stop.is_set():
                return False
            if runner.run_job(job_id):
                return True
        return False
