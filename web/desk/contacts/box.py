"""The contact box of a letter's page: the sender's contact, or the likely candidates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.contacts.directory import current_contact
from registry.contacts.links import missing_points
from registry.models.contacts import Contact, ContactPoint
from registry.models.letters import Letter
from routing.models.suggestions import Suggestion
from routing.proposals import known_senders
from web.desk.contacts.forms import reasons_in_words


@dataclass(frozen=True, slots=True)
class Box:
    """The sender's contact, else the candidates: (contact, percent, reasons in words).

    `missing` is what the letter states of the contact and the directory does not know yet: (kind in
    words, value).
    """

    contact: Contact | None
    may_choose: bool
    may_make: bool = False
    missing: list[tuple[str, str]] = field(default_factory=list)
    proposals: list[tuple[Contact, int, list[str]]] = field(default_factory=list)


def box_of(letter: Letter, can: Any, suggestions: Iterable[Suggestion] | None = None) -> Box:
    """Return what to show; nothing is queried for users who could not choose.

    `suggestions` are what was read of the letter, where a page has them already.
    """
    sender = letter.sender
    contact = current_contact(sender.contact_id) if sender and sender.contact_id else None
    may_choose = "correct" in can
    if not may_choose:
        return Box(contact, may_choose)
    if contact:
        lacking = missing_points(contact, _known(letter, suggestions))
        told = [(str(ContactPoint.Kind(one.kind).label), one.value) for one in lacking]
        return Box(contact, may_choose, missing=told)
    matches = known_senders.contacts_for(letter, limit=3)
    return Box(
        None,
        may_choose,
        may_make=sender is not None,
        proposals=[(m.contact, round(100 * m.score), reasons_in_words(m.reasons)) for m in matches],
    )


def _known(letter: Letter, suggestions: Iterable[Suggestion] | None) -> dict[str, str]:
    if suggestions is None:
        return known_senders.known_of_sender(letter)
    return known_senders.known_from(letter.sender, known_senders.surest(suggestions))
