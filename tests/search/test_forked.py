"""A process that was forked asks the servers on connections of its own."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from registry.files import vault
from search import engines

NOBODY = "http://127.0.0.1:9/?index=forked"  # nothing is asked there


def in_a_child(said: Callable[[], bool]) -> bool:
    """What is said in a forked process."""
    child = os.fork()
    if child == 0:
        os._exit(0 if said() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture
def _no_vault() -> Iterator[None]:
    vault.get_vault.cache_clear()
    yield
    vault.get_vault.cache_clear()


def test_a_forked_process_has_a_search_engine_of_its_own(settings: Any) -> None:
    settings.SEARCH_URL = NOBODY
    before = engines.get_engine()
    assert engines.get_engine() is before
    assert in_a_child(lambda: engines.get_engine() is not before)
    assert in_a_child(lambda: engines.get_engine() is engines.get_engine())


@pytest.mark.usefixtures("_no_vault")
def test_a_forked_process_has_a_vault_of_its_own(settings: Any) -> None:
    settings.VAULT_URL = "s3://key:secret@127.0.0.1:9/vault?tls=no"
    before = vault.get_vault()
    assert vault.get_vault() is before
    assert in_a_child(lambda: vault.get_vault() is not before)
