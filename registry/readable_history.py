"""A history as one person may read it: letters that they may not read are not named in it.

Events are sealed and stay as they were written; the redaction takes place when they are read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from org.models import User
from registry.access import reads_letter
from registry.kinds import RegistryEvent
from registry.models.duplicates import LetterLink
from registry.models.events import LetterEvent
from registry.models.letters import Letter

Viewer = User | AnonymousUser
ANOTHER: Final = "…"  # stands where an event names a letter that its reader may not read
_OF_LINKS: Final = frozenset(
    {RegistryEvent.LINKED, RegistryEvent.TOLD_APART, RegistryEvent.UNLINKED}
)
_LONGEST_NUMBER: Final = 60
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRIM: Final = ".,;:!?()[]«»\"'’"


def readable_events(events: Sequence[LetterEvent], viewer: Viewer) -> list[LetterEvent]:
    """Return the events, redacted of letters that this person may not read.

    An event that is about such a letter alone says nothing: kind `withheld`, no data, no actor. In
    any other the letter's number or id is replaced by `ANOTHER`. Place and hash stay, so that the
    chain can be verified. Two queries at most, however long the history is.
    """
    shown = list(events)
    _withhold_links(shown, viewer)
    hidden = _hidden_among(shown, viewer)
    if hidden:
        for event in shown:
            event.data = _without(event.data, hidden)
    return shown


def _withhold_links(events: Sequence[LetterEvent], viewer: Viewer) -> None:
    links = {str(event.data.get("link", "")) for event in events if event.kind in _OF_LINKS}
    if not links:
        return
    seen = LetterLink.objects.filter(reads_letter(viewer, "letter", "other"), pk__in=links)
    readable = {str(pk) for pk in seen.values_list("pk", flat=True)}
    for event in events:
        if event.kind in _OF_LINKS and str(event.data.get("link", "")) not in readable:
            event.kind, event.data, event.actor = RegistryEvent.WITHHELD, {}, None


def _hidden_among(events: Iterable[LetterEvent], viewer: Viewer) -> list[str]:
    """Return numbers and ids in these events of letters hidden from this person, longest first."""
    named = {name for event in events for text in _texts(event.data) for name in _names(text)}
    if not named:
        return []
    ids = {UUID(name) for name in named if _UUID.fullmatch(name)}
    found = Letter.objects.filter(Q(number__in=named) | Q(pk__in=ids))
    found = found.exclude(pk__in=[event.letter_id for event in events])
    unread = found.exclude(reads_letter(viewer, "pk"))
    rows = unread.values_list("number", "pk")
    return sorted({str(name) for row in rows for name in row}, key=len, reverse=True)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _names(text: str) -> Iterator[str]:
    """Yield what may be a letter's number or id in a text.

    Each word, and each part between commas (an office's numbers may hold spaces).
    """
    for part in text.split(","):
        for name in (part.strip(), *(word.strip(_TRIM) for word in part.split())):
            if len(name) <= _LONGEST_NUMBER and any(sign.isdigit() for sign in name):
                yield name


def _without(value: Any, hidden: Sequence[str]) -> Any:
    if isinstance(value, str):
        for name in hidden:
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ANOTHER, value)
        return value
    if isinstance(value, dict):
        return {key: _without(item, hidden) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, hidden) for item in value]
    return value
