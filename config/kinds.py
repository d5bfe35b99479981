"""All kinds of events and of jobs, brought together from the packages that name them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from channels.kinds import ChannelEvent, ChannelJob
from correspondence.kinds import OutgoingEvent, OutgoingJob
from eservices.kinds import EserviceEvent, EserviceJob
from figures.kinds import FiguresJob
from identity.kinds import IdentityJob
from jobs.kinds import JobKind
from jobs.table import Step
from notices.kinds import NoticesJob
from ocr.kinds import OcrEvent, OcrJob
from org.kinds import OrgJob
from registry.kinds import EventKind, RegistryEvent, RegistryJob
from routing.kinds import RoutingEvent, RoutingJob
from search.kinds import SearchJob

Kind = TypeVar("Kind", bound=StrEnum)


def united(*families: type[Kind]) -> dict[str, Kind]:
    """Return the members of all families by their values.

    Raise ValueError where two families hold the same value.
    """
    found: dict[str, Kind] = {}
    for kind in (kind for family in families for kind in family):
        if kind.value in found:
            raise ValueError(f"{kind!r} has the value of {found[kind.value]!r}")
        found[kind.value] = kind
    return found


EVENT_KINDS: Final[Mapping[str, EventKind]] = united(
    RegistryEvent, OcrEvent, ChannelEvent, RoutingEvent, OutgoingEvent, EserviceEvent
)
JOB_KINDS: Final[Mapping[str, JobKind]] = united(
    OrgJob,
    IdentityJob,
    RegistryJob,
    OcrJob,
    ChannelJob,
    SearchJob,
    RoutingJob,
    OutgoingJob,
    FiguresJob,
    NoticesJob,
    EserviceJob,
)


def job_table(
    *parts: Mapping[JobKind, Step], kinds: Mapping[str, JobKind] = JOB_KINDS
) -> dict[JobKind, Step]:
    """Return the steps of all parts as one table.

    Raise ValueError for a kind that has two steps, or none, or is no member of `kinds`.
    """
    table: dict[JobKind, Step] = {}
    for part in parts:
        if twice := sorted(table.keys() & part.keys()):
            raise ValueError(f"two steps each: {', '.join(twice)}")
        table |= part
    if odd := sorted(table.keys() ^ kinds.keys()):
        raise ValueError(f"no kind, or no step: {', '.join(odd)}")
    return table
