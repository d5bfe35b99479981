"""Filling a Tantivy index beside the active one: large commits, and the place to resume at."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import tantivy

from search.analysis.document_terms import analyse
from search.backends.tantivy.rows import plainly, write
from search.backends.tantivy.schema import to_tantivy
from search.backends.tantivy.store import TantivyStore
from search.contract import SearchDocument
from search.terms import Terms

_WRITER_BYTES: Final = 100_000_000
_COMMIT_LETTERS: Final = 5_000
_COMMIT_CHARACTERS: Final = 50_000_000


class TantivyBuild:
    """A rebuild of the index at `path`.

    `place` is where an interrupted one resumes, "" at the beginning.
    """

    def __init__(self, store: TantivyStore, path: Path, place: str) -> None:
        self._store = store
        self.path = path
        self.place = place

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents; see `IndexBuild.put`."""
        return self.put_analysed((document, analyse(document)) for document in documents)

    def put_analysed(self, analysed: Iterable[tuple[SearchDocument, Terms]]) -> int:
        """Commit for every 5,000 letters, or 50 MB of words; see `IndexBuild.put_analysed`."""
        written, size = 0, 0
        rows: list[tuple[str, int, tantivy.Document]] = []
        for document, terms in analysed:
            rows.append((document.id, document.version, to_tantivy(document, terms)))
            size += len(terms.stems) + sum(len(words) for words in terms.words)
            if len(rows) == _COMMIT_LETTERS or size > _COMMIT_CHARACTERS:
                written += self._commit(rows)
                rows, size = [], 0
        return written + (self._commit(rows) if rows else 0)

    def _commit(self, rows: list[tuple[str, int, tantivy.Document]]) -> int:
        with plainly(), self._store.writing_beside():
            return write(self.path, rows, heap_bytes=_WRITER_BYTES, again=False)

    def keep(self, place: str) -> None:
        """Save the place, every commit being durable already; see `IndexBuild.keep`."""
        with plainly():
            self._store.keep_place(self.path, place)
        self.place = place
