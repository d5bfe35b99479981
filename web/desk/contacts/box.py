"""The contact box of a letter's page: the sender's contact, or the likely candidates."""

from dataclasses import dataclass, field
from typing import Any

from registry.contacts.directory import standing_contact
from registry.models.contacts import Contact
from registry.models.letters import Letter
from routing.proposals import known_senders
from web.desk.contacts.forms import reasons_in_words


@dataclass(frozen=True, slots=True)
class Box:
    """The sender's contact, else the candidates: (contact, percent, reasons in words)."""

    contact: Contact | None
    may_choose: bool
    may_make: bool = False
    proposals: list[tuple[Contact, int, list[str]]] = field(default_factory=list)


def box_of(letter: Letter, can: Any) -> Box:
    """Return what to show; nothing is looked up for users who could not choose."""
    sender = letter.sender
    contact = standing_contact(sender.contact_id) if sender and sender.contact_id else None
    may_choose = "correct" in can
    if contact or not may_choose:
        return Box(contact, may_choose)
    matches = known_senders.contacts_for(letter, limit=3)
    return Box(
        None,
        may_choose,
        may_make=sender is not None,
        proposals=[(m.contact, round(100 * m.score), reasons_in_words(m.reasons)) for m in matches],
    )
