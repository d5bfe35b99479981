"""Which engine this office uses: by SEARCH_URL, and without it Tantivy in DATA_DIR."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine


def get_engine() -> SearchEngine:
    """Return the engine of the present settings; raise ValueError for a wrong SEARCH_URL."""
    return _engine(settings.SEARCH_URL, Path(settings.DATA_DIR))


@lru_cache(maxsize=4)
def _engine(url: str, data_dir: Path) -> SearchEngine:
    if url:
        # An office without one need not import the client, which is the dearest of all imports.
        from search.backends.elasticsearch.engine import ElasticsearchEngine

        return ElasticsearchEngine(url)
    return TantivyEngine(data_dir / "search")
