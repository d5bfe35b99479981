"""A letter's events as messages to a partner's system, by kind (stages: the channels)."""

from collections.abc import Mapping
from typing import Final

from channels.kinds import HookType
from correspondence.kinds import OutgoingEvent
from eservices.kinds import EserviceEvent
from registry.kinds import RegistryEvent
from routing.kinds import RoutingEvent

TYPES: Final[Mapping[str, HookType]] = {
    RegistryEvent.REGISTERED: HookType.REGISTERED,
    RegistryEvent.VOIDED: HookType.VOIDED,
    RoutingEvent.ASSIGNED: HookType.ASSIGNED,
    RoutingEvent.ACCEPTED: HookType.ACCEPTED,
    RoutingEvent.PIECES_ASKED: HookType.PIECES_ASKED,
    RoutingEvent.REOPENED: HookType.REOPENED,
    RoutingEvent.REPLY_SENT: HookType.ANSWERED,
    OutgoingEvent.DISPATCHED: HookType.REPLY_DISPATCHED,
    OutgoingEvent.REPLY_DELIVERED: HookType.REPLY_DELIVERED,
    EserviceEvent.REQUEST_MOVED: HookType.REQUEST_MOVED,
}
