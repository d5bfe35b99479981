"""Further pages on Elasticsearch: they come from a frozen view (point in time) of the index.

By relevance each page would weigh all letters again: those of several pages are fetched together
and kept for a minute, under the view that they come from, in which nothing changes.
"""

import contextlib
import time
import zlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from search.backends.answer_cache import TOGETHER, AnswerCache, question_of
from search.contract import MOST_HITS, InvalidCursor, SearchQuery
from search.cursors import read_cursor, write_cursor

Json = dict[str, Any]
NEWEST: Final = "elasticsearch:newest"
RELEVANCE: Final = "elasticsearch:relevance"
# A page from what is kept does not keep its view open: whoever reads has two minutes all the same.
_KEPT_SECONDS: Final = 60.0
_KEPT_OPEN: Final = "3m"


@dataclass(frozen=True)
class _Several:
    """Letters of several pages of a view; `to_end`: none come behind them."""

    answer: Json
    to_end: bool
    fetched_at: float

    def page_after(self, after: Sequence[Any], limit: int) -> Json | None:
        """Return the answer of the page behind the letter of these sort values, if it is here."""
        hits = self.answer["hits"]["hits"]
        begin = next((at for at, hit in enumerate(hits, 1) if hit["sort"] == after), 0)
        if not begin or time.monotonic() - self.fetched_at > _KEPT_SECONDS:
            return None
        if begin + limit > len(hits) and not self.to_end:
            return None
        return _part(self.answer, begin, limit)


class Views:
    """The views of the index behind an alias, and what was fetched from them."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client = client
        self._impatient = client.options(max_retries=0, retry_on_status=())
        self._alias = alias
        self._kept = AnswerCache()

    def page(self, query: SearchQuery, kind: str, body: Json) -> Json:
        """Return the answer of a further page; `body` is its search, but for place and view."""
        view, where = _read(query.cursor, kind)
        answer = self._kept_page(query, view, where) if view and kind == RELEVANCE else None
        if answer is None:
            answer = self._fetched(query, kind, body | where, view)
        if len(answer["hits"]["hits"]) < query.limit:
            self._close(query, answer["pit_id"])
        return answer

    def _kept_page(self, query: SearchQuery, view: str, where: Json) -> Json | None:
        several: _Several | None = self._kept.get(_key(query, view))
        if several is None or "search_after" not in where:
            return None
        return several.page_after(where["search_after"], query.limit)

    def _fetched(self, query: SearchQuery, kind: str, body: Json, view: str) -> Json:
        """Search in the view, or in a new one; by relevance for the next pages as well."""
        if kind == RELEVANCE:  # in a view, what weighs the same comes in the order of the index
            body |= {"sort": [{"_score": "desc"}], "size": TOGETHER}
        answer = self._in_view(query, body, view or self._open(query))
        if kind != RELEVANCE:
            return answer
        to_end = len(answer["hits"]["hits"]) < TOGETHER
        several = _Several(answer, to_end, time.monotonic())
        self._kept.keep(_key(query, answer["pit_id"]), several)
        return _part(answer, 0, query.limit)

    def _open(self, query: SearchQuery) -> str:
        """Open a view with the second page: most searches never reach it."""
        answer = self._client.open_point_in_time(
            index=self._alias, keep_alive=_KEPT_OPEN, **copy_for(query)
        )
        return str(answer["id"])

    def _in_view(self, query: SearchQuery, body: Json, view: str) -> Json:
        """Search in the frozen view, or in a new one when it was given up or its index replaced.

        The server says so as 404, or as 503 because no copy of it answers.
        """
        try:
            answer = self._impatient.search(pit={"id": view, "keep_alive": _KEPT_OPEN}, **body)
        except ApiError as error:
            if error.meta.status not in (400, 404, 503):
                raise
            view = self._open(query)
            answer = self._client.search(pit={"id": view, "keep_alive": _KEPT_OPEN}, **body)
        return {"pit_id": view} | dict(answer.body)

    def _close(self, query: SearchQuery, view: str) -> None:
        self._kept.drop(_key(query, view))
        with contextlib.suppress(ApiError, TransportError):
            self._client.close_point_in_time(id=view)


def copy_for(query: SearchQuery) -> Json:
    """Return the preference that sends all pages of one query to the same copy of the index.

    The copies number their documents differently, which is the order of documents of equal score.
    """
    words = query.words.encode(errors="surrogatepass")  # half a pair may have been typed
    return {"preference": f"words-{zlib.crc32(words)}"}


def next_cursor(query: SearchQuery, kind: str, answer: Json) -> str:
    """Return the cursor of the page behind that answer."""
    found, view = answer["hits"]["hits"], answer.get("pit_id", "")
    if kind == NEWEST:
        return write_cursor(kind, [view, *found[-1]["sort"]])
    if query.cursor:
        return write_cursor(kind, [view, 0, *found[-1]["sort"]])
    return write_cursor(kind, ["", len(found), 0, 0])


def _read(cursor: str, kind: str) -> tuple[str, Json]:
    """Return the view of a further page ("" for a second one), and where in it the page begins.

    A second page by relevance begins after so many letters: the score of a letter may have changed
    a little since the first one, which was fetched outside the view.
    """
    if kind == NEWEST:
        view, *after = read_cursor(cursor, kind, (str, int))
        return view, {"search_after": after}
    view, shown, *after = read_cursor(cursor, kind, (str, int, (int, float), int))
    if not 0 <= shown <= MOST_HITS:
        raise InvalidCursor("this page marker is damaged")
    return view, {"from_": shown} if shown else {"search_after": after}


def _key(query: SearchQuery, view: str) -> Hashable:
    return view, question_of(query)


def _part(answer: Json, begin: int, limit: int) -> Json:
    hits = answer["hits"] | {"hits": answer["hits"]["hits"][begin:][:limit]}
    return answer | {"hits": hits}
