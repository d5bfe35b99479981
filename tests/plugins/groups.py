"""The tests of a group run in one test process, so that what they start is started once.

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

GROUP = re.compile(r'\bxdist_group\("(\w+)"\)')


@cache
def group_of(path: Path) -> str:
    """Return the group that a file of tests names; "" for none."""
    found = GROUP.search(path.read_text(encoding="utf-8"))
    return found[1] if found else ""


class Groups(LoadGroupScheduling):  # type: ignore[misc]
    """Sends the files of a group to one process, and every other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(self.config.rootpath / nodeid.partition("::")[0]) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups | None:
    """Take the tests in the order in which they were collected: browsers come last."""
    if config.getvalue("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False
    return Groups(config, log)
