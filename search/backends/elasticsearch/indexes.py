"""Which Elasticsearch indexes exist: the active one, and the one being built beside it.

sijill-letters            alias: the active index
sijill-letters-building   alias: the index a rebuild fills, if any
sijill-letters-first      the first index; later ones are sijill-letters-<hex>

An index's `_meta` holds its versions (`search.analysis.versions`), and how far the rebuild that
fills it has come. Documents are written through the aliases alone: a name would be made anew,
without its mapping, where a swap has just removed it.
"""

import time
import uuid
from dataclasses import replace
from typing import Any, Final

from elasticsearch import BadRequestError, Elasticsearch

from search.analysis.versions import Stamp
from search.backends.elasticsearch.client import Connection, NotFound
from search.backends.elasticsearch.mapping import mappings, packed_mappings
from search.contract import EngineBusy

# Explicit, so that an index that is not searched is refreshed all the same.
_REFRESH: Final = "1s"
# Words are looked for in each segment: in one where letters are few, else in few large ones, which
# the server works on side by side.
_LETTERS_OF_SEGMENT: Final = 250_000
_MOST_SEGMENTS: Final = 4
# A rebuild without a sign of life for so long has died.
LEASE_SECONDS: Final = 120.0


class Indexes:
    """The aliases of one office on one server; call within `plainly()`."""

    def __init__(self, connection: Connection) -> None:
        self._client: Elasticsearch = connection.client
        self._shards = connection.shards
        self._replicas = connection.replicas
        self.alias = connection.alias
        self.building_alias = f"{connection.alias}-building"

    def current(self) -> str | None:
        """Return the name of the active index, or None before the first document."""
        return self._behind(self.alias)

    def building(self) -> str | None:
        """Return the name of the index being filled, also after a rebuild that was killed."""
        return self._behind(self.building_alias)

    def both(self) -> tuple[str | None, str | None]:
        """Return `current` and `building`, in one request."""
        names = f"{self.alias},{self.building_alias}"
        try:
            found = self._client.indices.get_alias(name=names).body
        except NotFound as error:  # raised when one of the two is missing, with what was found
            found = error.body if isinstance(error.body, dict) else {}
        behind: dict[str, str] = {}
        for index, about in found.items():
            if isinstance(about, dict):
                behind |= dict.fromkeys(about.get("aliases", {}), index)
        return behind.get(self.alias), behind.get(self.building_alias)

    def _behind(self, alias: str) -> str | None:
        try:
            return next(iter(self._client.indices.get_alias(name=alias).keys()), None)
        except NotFound:
            return None

    def stamp(self, index: str) -> Stamp:
        """Return which version of schema and analysis made that index.

        One whose letters may lack the fields of facets together is as one of another analysis.
        """
        meta = self._meta(index)
        stamp = Stamp.of(meta)
        return stamp if meta.get("packed") else replace(stamp, analysis="")

    def add_fields(self, index: str) -> None:
        """Add the fields that came later to an index of an older program."""
        self._client.indices.put_mapping(index=index, properties=packed_mappings())

    def keep_place(self, index: str, place: str, *, holder: str) -> None:
        """Save how far the rebuild has come, after what was written so far is on disk.

        Raise EngineBusy when another rebuild has taken over.
        """
        if self._meta(index).get("holder") != holder:
            raise EngineBusy("another rebuild of the index took over")
        self._client.indices.flush(index=index)
        self._write_lease(index, place, holder=holder)

    def release(self, index: str, place: str) -> None:
        """Release that index with its place, so that any rebuild may resume it."""
        self._write_lease(index, place, holder="")

    def _write_lease(self, index: str, place: str, *, holder: str) -> None:
        lease = {"after": place, "holder": holder, "until": time.time() + LEASE_SECONDS}
        self._client.indices.put_mapping(index=index, meta=self._present() | lease)

    def _meta(self, index: str) -> dict[str, Any]:
        mapping: dict[str, Any] = self._client.indices.get_mapping(index=index)[index]["mappings"]
        return dict(mapping.get("_meta", {}))

    def create_first(self) -> str:
        """Make the first index; when two processes do so at once, both get the same one."""
        try:
            self._create(f"{self.alias}-first", self.alias, self._copies() | _live())
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        return self.current() or f"{self.alias}-first"

    def create_building(self, *, holder: str, anew: bool) -> tuple[str, str]:
        """Return the index of an interrupted rebuild and its place; or a new one and "".

        One that cannot be resumed is dropped. Raise EngineBusy while another holder was active in
        the last two minutes.
        """
        current, left = self.both()
        if left and left != current:
            meta = self._meta(left)
            if meta.get("holder") and float(meta.get("until", 0)) > time.time():
                raise EngineBusy("the index is already being rebuilt")
            place = str(meta.get("after", ""))
            if place and not anew and meta.items() >= self._present().items():
                self._write_lease(left, place, holder=holder)
                return left, place
            self.drop(left)
        name = f"{self.alias}-{uuid.uuid4().hex}"
        # Without copies and with few refreshes while it is filled; `swap` restores the settings.
        quiet = {"number_of_replicas": 0, "refresh_interval": "30s"}
        self._create(name, self.building_alias, quiet)
        self._write_lease(name, "", holder=holder)
        return name, ""

    def _create(self, name: str, alias: str, settings: dict[str, Any]) -> None:
        self._client.indices.create(
            index=name,
            settings={"number_of_shards": self._shards, **settings},
            mappings=self._mappings() | {"_meta": self._present()},
            aliases={alias: {"is_write_index": True}},
        )

    def _mappings(self) -> dict[str, Any]:
        """Return the fields of a new index."""
        return mappings()

    def _present(self) -> dict[str, Any]:
        """Return the versions that a new index records."""
        return Stamp.present().as_json() | {"packed": True}

    def _copies(self) -> dict[str, Any]:
        """Return the setting of replicas.

        A second machine gets a copy by itself, unless a number was set.
        """
        if self._replicas is None:
            return {"auto_expand_replicas": "0-1"}
        return {"number_of_replicas": self._replicas}

    def swap(self, fresh: str) -> None:
        """Make `fresh` the active index in one step, and drop the one it replaces.

        Raise EngineBusy when another rebuild has taken over meanwhile.
        """
        old, building = self.both()
        if building != fresh:
            raise EngineBusy("another rebuild of the index took over")
        self._client.indices.put_settings(index=fresh, settings=self._copies() | _live())
        self._client.indices.refresh(index=fresh)
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": self.alias, "is_write_index": True}},
            {"remove": {"index": fresh, "alias": self.building_alias}},
        ]
        if old:
            actions.append({"remove_index": {"index": old}})
        self._client.indices.update_aliases(actions=actions)

    def merge(self, index: str) -> None:
        """Have the server merge what is small into few segments; it goes on in the background.

        Of several segments the largest stay as they are, so that a day's letters cost little.
        """
        letters = int(self._client.count(index=index)["count"])
        self._client.indices.forcemerge(
            index=index,
            max_num_segments=min(1 + letters // _LETTERS_OF_SEGMENT, _MOST_SEGMENTS),
            wait_for_completion=False,
        )

    def drop(self, index: str) -> None:
        """Delete an index that was never swapped in."""
        self._client.indices.delete(index=index, ignore_unavailable=True)


def _live() -> dict[str, Any]:
    return {"refresh_interval": _REFRESH}
