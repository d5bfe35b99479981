"""Filling an Elasticsearch index beside the active one, and the place to resume at."""

from collections.abc import Iterable

from elasticsearch import Elasticsearch

from search.analysis.document_terms import analyse
from search.backends.elasticsearch.bulk import bulks
from search.backends.elasticsearch.client import plainly
from search.backends.elasticsearch.indexes import Indexes
from search.backends.elasticsearch.mapping import to_source
from search.contract import SearchDocument
from search.terms import Terms


class ElasticsearchBuild:
    """A rebuild; `place` is where an interrupted one resumes, "" at the beginning."""

    def __init__(
        self, client: Elasticsearch, indexes: Indexes, index: str, place: str, holder: str
    ) -> None:
        self._client = client
        self._indexes = indexes
        self._index = index
        self.place = place
        self._holder = holder

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents; see `IndexBuild.put`."""
        return self.put_analysed((document, analyse(document)) for document in documents)

    def put_analysed(self, analysed: Iterable[tuple[SearchDocument, Terms]]) -> int:
        """Add analysed documents; see `IndexBuild.put_analysed`."""
        rows = ((doc.id, doc.version, to_source(doc, terms)) for doc, terms in analysed)
        with plainly():
            alias = self._indexes.building_alias
            return sum(len(bulk.write(self._client, alias)) for bulk in bulks(rows))

    def keep(self, place: str) -> None:
        """Save the place; see `IndexBuild.keep`."""
        with plainly():
            self._indexes.keep_place(self._index, place, holder=self._holder)
        self.place = place

    def leave(self) -> None:
        """Clean up after an interruption: an index whose place was not saved is dropped."""
        if self._indexes.building() != self._index:
            return
        if self.place:
            self._indexes.release(self._index, self.place)
        else:
            self._indexes.drop(self._index)
