"""The interface of a search engine; `tests/search/test_contract.py` holds every engine to it.

An engine knows documents, not letters: plain values with the tokens of who may read them. It finds
ids; what is shown is read from the database, which checks rights once more.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from search.terms import Terms

# Fields that can be filtered on and counted; values are plain codes ("EAU", "IN", "2026").
FACETS: Final = (
    "register",
    "direction",
    "kind",
    "department",
    "stage",
    "channel",
    "language",
    "year",
    "month",
    "sender_state",
)
# What can be counted: the facets, and the letters whose due date has passed (value "yes").
COUNTS: Final = (*FACETS, "overdue")
MOST_HITS: Final = 100
LONGEST_WORDS: Final = 1000

SENDER_STATES: Final = ("confirmed", "proposed", "unknown")
SenderState = Literal["confirmed", "proposed", "unknown"]
Order = Literal["relevance", "newest"]
Stems = Mapping[str, float]  # of which a document may have any, with what each weighs
# aged: an older analysis, it answers until it is rebuilt; outdated: it cannot be asked.
EngineState = Literal["ready", "missing", "aged", "outdated"]


class EngineError(Exception):
    """The engine could not do it; the message is plain and holds no personal data."""


class EngineUnavailable(EngineError):
    """The engine is unavailable, or its index must be rebuilt first; registration goes on."""


class EngineBusy(EngineUnavailable):
    """The engine is locked by another process for too long: try again soon."""


class InvalidCursor(ValueError):
    """The cursor was not issued by this engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One letter as the engine sees it. `version` grows with every change of the letter.

    `parties` names everybody, `sender` and `recipients` those of that role again;
    `proposed_sender` is who seems to have sent it, where nobody has said. `written_on` is the
    letter's own date, `registered_on` the office's day of `registered_at` (UTC's where it is
    not given), `due_on` set only while the letter waits for an answer.
    """

    id: str
    version: int
    number: str
    subject: str
    parties: str
    reference: str
    text: str
    language: str
    reader_tokens: tuple[str, ...]
    register: str
    direction: str
    kind: str
    department: str
    stage: str
    channel: str
    year: int
    registered_at: datetime.datetime
    due_on: datetime.date | None = None
    sender: str = ""
    proposed_sender: str = ""
    recipients: str = ""
    written_on: datetime.date | None = None
    registered_on: datetime.date | None = None

    @property
    def day(self) -> datetime.date:
        """The day of registration."""
        return self.registered_on or self.registered_at.astimezone(datetime.UTC).date()

    @property
    def sender_state(self) -> SenderState:
        """Whether its sender is confirmed, only proposed, or unknown."""
        if self.sender:
            return "confirmed"
        return "proposed" if self.proposed_sender else "unknown"

    @property
    def month(self) -> str:
        """The month of registration, as "2026-03"."""
        return f"{self.day:%Y-%m}"

    def __post_init__(self) -> None:
        if self.registered_at.tzinfo is None:
            raise ValueError("registered_at must know its time zone")
        if self.version < 0:
            raise ValueError("a version is never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """One query; `words` is what a person typed (`search.query.parsing` says how it is read).

    `reader_tokens` is required: the tokens of the person who asks; an empty collection finds
    nothing. `filters` maps a facet to the values of which one must fit. `after` (included) and
    `before` (excluded) bound the registration time; `due_before` the due date (excluded). Without
    words the order is newest first whatever `order` says. `facets` names what to count. `names`
    says what kinds and departments are called (facet → folded name → code), `today` which day it
    is, for "overdue" and "hier". `typos`: in which words letters may be wrong: in all, in none, or
    in these folded ones; `most_typos` of them at most, fewer in short words. `left_out`: folded
    words that a letter need not have.

    Raise ValueError for a filter, order or limit that does not exist.
    """

    words: str
    reader_tokens: Collection[str]
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    after: datetime.datetime | None = None
    before: datetime.datetime | None = None
    due_before: datetime.date | None = None
    order: Order = "relevance"
    limit: int = 20
    cursor: str = ""
    facets: tuple[str, ...] = COUNTS
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    today: datetime.date | None = None
    typos: bool | frozenset[str] = True
    most_typos: int = 2
    left_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.reader_tokens is None or isinstance(self.reader_tokens, str):
            raise ValueError("a search must say who reads: reader_tokens is a collection")
        unknown = [name for name in self.filters if name not in FACETS]
        unknown += [name for name in self.facets if name not in COUNTS]
        if unknown:
            raise ValueError(f"no such filter or facet: {', '.join(sorted(unknown))}")
        if any(isinstance(values, str) for values in self.filters.values()):
            raise ValueError("a filter is a collection of values, not one string")
        if self.order not in ("relevance", "newest"):
            raise ValueError(f"no such order: {self.order}")
        if not 1 <= self.limit <= MOST_HITS:
            raise ValueError(f"limit must be 1 to {MOST_HITS}")
        if any(when is not None and when.tzinfo is None for when in (self.after, self.before)):
            raise ValueError("after and before must know their time zone")


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document; a higher score fits better (0.0 when ordered by time)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class PartialHit:
    """A document that answers some clauses: `held` are their places among those of the query."""

    id: str
    held: frozenset[int]


@dataclass(frozen=True, slots=True)
class Total:
    """How many documents fit: `least`, or what `counted` waits for where `least` is a lower bound.

    Waiting raises what the counting met, as the engine raises it.
    """

    least: int = 0
    counted: Callable[[], int] | None = None

    def __int__(self) -> int:
        return self.least if self.counted is None else self.counted()

    def exceeds(self, number: int) -> bool:
        """Return whether more documents fit, without waiting where the lower bound tells it."""
        return self.least > number or (self.counted is not None and int(self) > number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The result of a query; `count` is of all that fits, `total` the same as a number.

    `facets` counts values under every *other* filter, so that a choice can be widened; only the
    first page has them. `next_cursor` is "" on the last page.
    """

    count: Total = Total()
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_cursor: str = ""

    @property
    def total(self) -> int:
        """How many documents fit; waited for where the engine still counts."""
        return int(self.count)


class IndexBuild(Protocol):
    """The new index during a rebuild; it is not searched yet."""

    @property
    def place(self) -> str:
        """The place last passed to `keep` by a rebuild that was interrupted; "" for a new one."""

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents; return how many were new to it."""

    def put_analysed(self, analysed: Iterable[tuple[SearchDocument, "Terms"]]) -> int:
        """Add documents whose words were analysed already (their text may be left out)."""

    def keep(self, place: str) -> None:
        """Make what was put so far durable: an interrupted rebuild resumes at this place."""


class SearchEngine(Protocol):
    """A search engine; methods raise EngineUnavailable or EngineBusy when it cannot answer."""

    @property
    def name(self) -> str: ...

    def state(self) -> EngineState:
        """Return whether there is an index, and whether this program version can use it."""

    def known(self, beginning: str, *, limit: int) -> Mapping[str, int]:
        """Return version by id of the documents whose id begins so, at most `limit` of them.

        Without those taken out by `remove`. Of the active index, as a search would see it.
        """

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add or replace documents; return how many were written, durably.

        A document older than what the index knows (also of removed ones) is left out.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Remove from every search; the version last seen stays known, and does not come back."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer the query; raise InvalidCursor for a cursor not from this engine and order."""

    def counts(self, queries: Sequence[SearchQuery]) -> tuple[int, ...]:
        """Return how many documents each query finds, whatever its order, limit and facets."""

    def clause_counts(self, query: SearchQuery) -> tuple[int, tuple[int, ...]]:
        """Return how many documents there are for this query without its clauses.

        And how many of them answer each of its clauses (`ParsedQuery.must`). Its readers, filters,
        bounds, limits and exclusions hold.
        """

    def with_some(self, query: SearchQuery, weights: Mapping[int, float]) -> tuple[PartialHit, ...]:
        """Return at most `query.limit` documents, those with the heaviest clauses first.

        `weights` are those of clauses that a document may lack, by their places; of these it
        answers one at least. The other clauses, readers, filters, bounds, limits and exclusions
        hold for each. There are no further pages.
        """

    def with_stems(self, query: SearchQuery, asked: Sequence[Stems]) -> tuple[Hit, ...]:
        """Return at most `query.limit` documents that match any of these, the best first.

        Each of `asked` is stems with their weights; the heaviest stem that a document has counts,
        by rarity and frequency (BM25 as Lucene counts it). Only the reader, the filters and the
        bounds of the query hold.
        """

    def rebuild(self, *, anew: bool = False) -> AbstractContextManager[IndexBuild]:
        """Fill a new index beside the old one, which answers until the block ends without an error.

        Then they are swapped at once. Documents put meanwhile are in both. A rebuild that ended
        otherwise is resumed from the place it kept, unless `anew`.
        """

    def settle(self) -> None:
        """Wait until everything put before is found by a search."""

    def merge(self) -> None:
        """Have the index put in order for quick answers, in the background; without any harm."""
