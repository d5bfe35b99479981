"""Filling an Elasticsearch index beside the one that answers, and the place kept."""

from collections.abc import Iterable

from elasticsearch import Elasticsearch

from search.backends.elasticsearch.bulk import bulks
from search.backends.elasticsearch.client import plainly
from search.backends.elasticsearch.indexes import Indexes
from search.backends.elasticsearch.mapping import to_source
from search.contract import SearchDocument
from search.index.analysis import analyse
from search.terms import Terms


class ElasticsearchBuild:
    """`place` is where an interrupted rebuild goes on, "" at the beginning."""

    def __init__(
        self, client: Elasticsearch, indexes: Indexes, index: str, place: str, holder: str
    ) -> None:
        self._client = client
        self._indexes = indexes
        self._index = index
        self.place = place
        self._holder = holder

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """See `IndexBuild.put`."""
        return self.put_analysed((document, analyse(document)) for document in documents)

    def put_analysed(self, analysed: Iterable[tuple[SearchDocument, Terms]]) -> int:
        """See `IndexBuild.put_analysed`."""
        rows = ((doc.id, doc.version, to_source(doc, terms)) for doc, terms in analysed)
        with plainly():
            alias = self._indexes.building_alias
            return sum(len(bulk.write(self._client, alias)) for bulk in bulks(rows))

    def keep(self, place: str) -> None:
        """See `IndexBuild.keep`."""
        with plainly():
            self._indexes.keep_place(self._index, place, holder=self._holder)
        self.place = place

    def leave(self) -> None:
        """Interrupted: what kept no place is of no use to anybody."""
        if self._indexes.building() != self._index:
            return
        if self.place:
            self._indexes.let_go(self._index, self.place)
        else:
            self._indexes.drop(self._index)
