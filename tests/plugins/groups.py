"""The tests of a group run in one test process, so that what they start is started once.

Browsers come last, since their driver leaves a process in which Django opens no database. Of three
processes or more one drives browsers from the beginning, and nothing else: their office is the
longest group, and at the end all others would wait for it. It ends with them, so a run of few
browsers keeps none for them: the embedded profile has one such test, and ran in two processes.

pytest-xdist 3.8 writes the group into a test's id, which pytest 9 does not let it: every test was a
group of its own, and each process started an office, furnished it and took over the office of a
release for itself. The mark stands at the head of a file, for all of its tests.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

WITH_A_BROWSER = re.compile(r"\bmark\.browser\b|\bplaywright_driver\b")
MANY = 3  # processes, of which one may be kept for browsers
WORTH = 20  # tests of files with a browser that a process is kept for
GROUP = re.compile(r'\bxdist_group\("(\w+)"\)')


@cache
def group_of(path: Path) -> str:
    """Return the group that a file of tests names; "" for none."""
    found = GROUP.search(path.read_text(encoding="utf-8"))
    return found[1] if found else ""


@cache
def has_a_browser(path: Path) -> bool:
    """Return whether a test of the file drives a browser."""
    return bool(WITH_A_BROWSER.search(path.read_text(encoding="utf-8")))


class Groups(LoadGroupScheduling):  # type: ignore[misc]
    """Sends the files of a group to one process, and every other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(self._file(nodeid)) or nodeid

    def _file(self, nodeid: str) -> Path:
        return Path(self.config.rootpath / nodeid.partition("::")[0])

    def schedule(self) -> None:
        """Keep one of many processes for browsers: that which was ready last."""
        if self.collection is None:
            keep = len(self.nodes) >= MANY and self._browsers() >= WORTH
            self.for_browsers = self.nodes[-1] if keep else None
            self.has_driven = False
        super().schedule()

    def _browsers(self) -> int:
        collected = next(iter(self.registered_collections.values()))
        return sum(has_a_browser(self._file(nodeid)) for nodeid in collected)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forget a group that is done: each test would look through all that came before it."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]

    def _assign_work_unit(self, node: Any) -> None:
        """Give the process of browsers theirs, of which the first is the longest; it ends then."""
        if node is self.for_browsers:
            theirs = next(filter(self._has_a_browser, self.workqueue), None)
            if theirs is not None:
                self.workqueue.move_to_end(theirs, last=False)
                self.has_driven = True
            elif self.has_driven:
                self.for_browsers.shutdown()
                return
        super()._assign_work_unit(node)

    def _has_a_browser(self, scope: str) -> bool:
        return any(has_a_browser(self._file(nodeid)) for nodeid in self.workqueue[scope])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups | None:
    """Take the tests in the order in which they were collected: browsers come last."""
    if config.getvalue("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False
    return Groups(config, log)
