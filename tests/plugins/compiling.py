"""Test processes that begin together do not all compile every test.

pytest keeps what it has compiled of a file, 500 of them here. In a fresh clone each process
compiled all, at the same time as the others. Now each begins elsewhere, and finds the rest done.
"""

import importlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

PROFILES = ("embedded", "production")  # .ci/run runs them side by side


def rotated(paths: list[Path], *, place: int, places: int) -> list[Path]:
    """Return the paths, begun at that place of so many."""
    first = len(paths) * place // places
    return paths[first:] + paths[:first]


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import the files of a whole run in an order of this process's own, before they are collected.

    What cannot be imported is told when it is collected.
    """
    config: Any = session.config
    if not hasattr(config, "workerinput"):
        return
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    process, processes = int(config.workerinput["workerid"][2:]), config.workerinput["workercount"]
    profile = PROFILES.index(os.environ.get("SIJILL_PROFILE", PROFILES[0]))
    place, places = profile * processes + process, len(PROFILES) * processes
    folders = [config.rootpath / name for name in config.getini("testpaths")]
    found = sorted(path for folder in folders for path in folder.rglob("test_*.py"))
    for path in rotated(found, place=place, places=places):
        name = ".".join(path.relative_to(config.rootpath).with_suffix("").parts)
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(name)
