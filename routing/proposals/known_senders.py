"""Directory contacts that may have written a letter: proposed from what was entered or read."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry.contacts.directory import ContactMatch, current_contact, propose_contacts
from registry.contacts.links import link_surely
from registry.models.contacts import Contact
from registry.models.letters import Letter, Party
from registry.states import Stage
from routing.acting.situations import ROUTED
from routing.models.suggestions import Suggestion

_READ = {
    "email": "sender_email",
    "phone": "sender_phone",
    "customer_number": "customer_number",
    "address": "sender_address",
}


def known_of_sender(letter: Letter) -> dict[str, str]:
    """Return what is known of the sender, as `propose_contacts` takes it.

    What a person entered counts; where a field is empty, what was read of the letter.
    """
    party = Party.objects.filter(letter=letter, role=Party.Role.SENDER).first()
    return known_from(party, _read_of(letter))


def known_from(party: Party | None, read: Mapping[str, str]) -> dict[str, str]:
    """Return the same from the sender's row and what was read of each fact."""
    entered = ("name", "organisation", "email", "phone", "address")
    known = {name: getattr(party, name) if party else "" for name in entered}
    if not known["name"] and not known["organisation"]:
        known["name"] = read.get("sender", "")
    for name, fact in _READ.items():
        if not known.get(name) and fact in read:
            known[name] = read[fact]
    return known


def _read_of(letter: Letter) -> dict[str, str]:
    rows = Suggestion.objects.filter(
        letter=letter, field__in=["sender", *_READ.values()], current=True
    )
    return surest(rows)


def surest(rows: Iterable[Suggestion]) -> dict[str, str]:
    """Return fact -> the surest value that was read of it."""
    return {row.field: row.value for row in sorted(rows, key=lambda row: row.score)}


def contacts_for(letter: Letter, *, limit: int = 3) -> list[ContactMatch]:
    """Return contacts that the letter's sender may be, the likeliest first."""
    return propose_contacts(**known_of_sender(letter), limit=limit)


def has_unknown_sender(letter_id: str, _result: Any) -> bool:
    """Return whether the letter is incoming and has no contact as its sender yet."""
    letter = Letter.objects.select_related("register").get(pk=letter_id)
    if letter.register.direction not in ROUTED or letter.stage == Stage.VOIDED:
        return False
    rows = Party.objects.filter(letter=letter, role=Party.Role.SENDER)
    return rows.filter(contact=None).exists()


def match_sender_work(letter_id: str, _progress: Any) -> int | None:
    """Return the id of the one contact that the sender surely is, or None; change nothing."""
    matches = contacts_for(Letter.objects.get(pk=letter_id))
    return next((match.contact.pk for match in matches if match.automatic), None)


def save_match(letter_id: str, contact_id: int | None) -> None:
    """Link the letter, unless a person has decided meanwhile or the contact is gone."""
    contact: Contact | None = current_contact(contact_id) if contact_id else None
    if contact:
        link_surely(Letter.objects.get(pk=letter_id), contact=contact)
