"""Which engine this office uses: by SEARCH_URL, and without it Tantivy in DATA_DIR."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine


def get_engine() -> SearchEngine:
    """Return the engine of the present settings; raise ValueError for a wrong SEARCH_URL."""
    # A forked process that spoke on its parent's connection would get the other's answers.
    process = os.getpid() if settings.SEARCH_URL else 0
    return _engine(settings.SEARCH_URL, Path(settings.DATA_DIR), process)


@lru_cache(maxsize=4)
def _engine(url: str, data_dir: Path, _process: int) -> SearchEngine:
    if url:
        # An office without one need not import the client, which is the dearest of all imports.
        from search.backends.elasticsearch.engine import ElasticsearchEngine

        return ElasticsearchEngine(url)
    return TantivyEngine(data_dir / "search")
