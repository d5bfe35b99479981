"""A lock of a file among processes: taken, waited for, and left where the wait is over."""

import threading
import time
from pathlib import Path

from org.durable_files import take_lock


def test_a_free_lock_is_taken_whoever_waits(tmp_path: Path) -> None:
    for until in (None, 0.0, time.monotonic() + 60):
        with (tmp_path / "lock").open("w") as file:
            assert take_lock(file, until=until)


def test_a_lock_that_another_holds_is_not_waited_for_longer_than_said(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as held, (tmp_path / "lock").open("w") as asked:
        assert take_lock(held, until=None)
        assert not take_lock(asked, until=time.monotonic())
        until = time.monotonic() + 0.1
        assert not take_lock(asked, until=until)
        assert time.monotonic() >= until


def test_who_waits_gets_the_lock_once_it_is_free(tmp_path: Path) -> None:
    taken: list[bool] = []

    def wait(until: float | None) -> None:
        with (tmp_path / "lock").open("w") as file:
            taken.append(take_lock(file, until=until))

    with (tmp_path / "lock").open("w") as held:
        assert take_lock(held, until=None)
        waiting = [
            threading.Thread(target=wait, args=(until,)) for until in (None, time.monotonic() + 600)
        ]
        for thread in waiting:
            thread.start()
        assert taken == []
    for thread in waiting:
        thread.join(600)
    assert taken == [True, True]
