"""Which Elasticsearch indexes exist: the one that answers, and the one being built beside it.

sijill-letters            alias: the index that answers
sijill-letters-building   alias: the index a rebuild fills, if any
sijill-letters-first      the first index; later ones are sijill-letters-<hex>
"""

import uuid
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from search.analysis import SCHEMA_VERSION
from search.backends.elasticsearch_client import Connection, NotFound
from search.backends.elasticsearch_index import mappings, settings
from search.contract import EngineBusy


class Indexes:
    """The aliases of one office on one server. Call within `plainly()`."""

    def __init__(self, connection: Connection) -> None:
        self._client: Elasticsearch = connection.client
        self.alias = connection.alias
        self.building_alias = f"{connection.alias}-building"

    def current(self) -> str | None:
        """The name of the index that answers, or None before the first document."""
        return self._behind(self.alias)

    def building(self) -> str | None:
        """The name of the index being filled, also after a rebuild that was killed."""
        return self._behind(self.building_alias)

    def _behind(self, alias: str) -> str | None:
        try:
            return next(iter(self._client.indices.get_alias(name=alias).keys()), None)
        except NotFound:
            return None

    def usable(self, index: str) -> bool:
        """Whether that index was made by this version of schema and analysis."""
        mapping: dict[str, Any] = self._client.indices.get_mapping(index=index)[index]["mappings"]
        return bool(mapping.get("_meta", {}).get("schema") == SCHEMA_VERSION)

    def create_first(self) -> str:
        """Make the first index; when two processes do so at once, both get the same one."""
        try:
            self._create(f"{self.alias}-first", self.alias)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        return self.current() or f"{self.alias}-first"

    def create_building(self) -> str:
        """Make a new index beside; one left by a rebuild that was killed is dropped."""
        left = self.building()
        if left and left != self.current():
            self._client.indices.delete(index=left, ignore_unavailable=True)
        name = f"{self.alias}-{uuid.uuid4().hex}"
        self._create(name, self.building_alias)
        return name

    def _create(self, name: str, alias: str) -> None:
        self._client.indices.create(
            index=name, settings=settings(), mappings=mappings(), aliases={alias: {}}
        )

    def swap(self, fresh: str) -> None:
        """Let `fresh` answer from now on, in one step, and drop the one it replaces.

        Raises EngineBusy when another rebuild has taken over meanwhile.
        """
        if self.building() != fresh:
            raise EngineBusy("another rebuild of the index took over")
        old = self.current()
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": self.alias}},
            {"remove": {"index": fresh, "alias": self.building_alias}},
        ]
        if old:
            actions.append({"remove_index": {"index": old}})
        self._client.indices.update_aliases(actions=actions)

    def drop(self, index: str) -> None:
        """Delete an index that was never swapped in."""
        self._client.indices.delete(index=index, ignore_unavailable=True)
