"""Conversion of a letter to the engine's document."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.utils import timezone

from registry.access import letter_tokens
from registry.models.letters import Letter, Party
from registry.reading.readings import text_of
from registry.states import Stage
from search.contract import SearchDocument
from search.index.proposals import proposed_senders

# What is answered, closed or voided is no longer overdue.
OPEN_STAGES: Final = (Stage.REGISTERED.value, Stage.IN_HAND.value)


def document_of(letter_id: UUID | str) -> SearchDocument | None:
    """Return the document of one letter, or None when there is no such letter."""
    letter = Letter.objects.for_lists().filter(pk=letter_id).first()
    return to_document(letter) if letter else None


def to_document(
    letter: Letter,
    *,
    text: str | None = None,
    tokens: Iterable[str] | None = None,
    proposed: str | None = None,
) -> SearchDocument:
    """Return the letter's document, from a letter loaded by `for_lists()`.

    Text, reader tokens and the proposed sender are read from the database where they are not given.
    Its version was read before its text and its readers: whatever changed in between has a job of
    its own, with a higher version, that comes later.
    """
    if proposed is None:
        proposed = proposed_senders([letter.pk]).get(letter.pk, "")
    return SearchDocument(
        id=str(letter.pk),
        version=letter.version,
        number=letter.number,
        subject=letter.subject,
        parties=_parties(letter),
        reference=letter.external_reference,
        text=text_of(letter.pk) if text is None else text,
        language=letter.language,
        reader_tokens=tuple(sorted(letter_tokens(letter) if tokens is None else tokens)),
        register=letter.register.code,
        direction=letter.register.direction,
        kind=letter.kind.code if letter.kind else "",
        department=letter.department.code if letter.department else "",
        stage=letter.stage,
        channel=letter.channel,
        year=letter.year,
        registered_at=letter.registered_at,
        due_on=letter.due_on if letter.stage in OPEN_STAGES else None,
        sender=_names(letter, Party.Role.SENDER, Party.Role.BEHALF),
        proposed_sender=proposed,
        recipients=_names(letter, Party.Role.RECIPIENT, Party.Role.COPY),
        written_on=letter.document_date,
        registered_on=timezone.localdate(letter.registered_at),
    )


def _parties(letter: Letter) -> str:
    """Return everything that names the people of a letter, one party a line."""
    return "\n".join(
        " ".join(_known(party.name, party.organisation, party.address, party.email, party.phone))
        for party in letter.parties.all()
    )


def _names(letter: Letter, *roles: str) -> str:
    """Return names and e-mail addresses of parties with one of these roles, one party a line."""
    return "\n".join(
        " ".join(_known(party.name, party.organisation, party.email))
        for party in letter.parties.all()
        if party.role in roles
    )


def _known(*values: str) -> Iterable[str]:
    return (value for value in values if value)
