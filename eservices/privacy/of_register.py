"""What the register keeps of a person: their letters, their contacts in the directory."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from eservices.privacy.parts import Part, Row, at, bounded, part, under_another_name, without_empty
from eservices.privacy.person_data import CHUNK, PersonData
from registry.contacts.directory import family_of, shown_points
from registry.models.contacts import Contact, ContactEvent
from registry.models.letters import Letter, Party


@part
def contacts(held: PersonData) -> Part:
    """Return the person's entries of the directory, with their ways and history."""
    left_out = under_another_name(held, "contacts")
    return Part(
        "contacts",
        _("In the directory of contacts"),
        "contacts",
        _("Letters of the person, and what staff entered"),
        bounded((_contact(row) for row in held.contacts), left_out),
        left_out,
    )


def _contact(row: Contact) -> Row:
    return without_empty(
        {
            "name": row.name,
            "kind": str(row.get_kind_display()),
            "language": row.language,
            "way": str(row.get_way_display()) if row.way else "",
            "notes": row.notes,
            "made_at": at(row.created_at),
            "changed_at": at(row.changed_at),
            "reached_by": [
                without_empty(
                    {
                        "way": str(point.get_kind_display()),
                        "value": point.value,
                        "from_letter": point.letter.number if point.letter else "",
                        "entered_at": at(point.created_at),
                        "verified_at": at(point.verified_at),
                    }
                )
                for point in shown_points(row)
            ],
            "also_kept_as": [one.name for one in row.stubs.order_by("pk")[:50]],
        }
    )


@part
def history(held: PersonData) -> Part:
    """Return what was done with the person's contacts: which columns, never by whom."""
    ids = [pk for contact in held.contacts for pk in family_of(contact)]
    rows = ContactEvent.objects.filter(contact__in=ids).order_by("-pk")
    left_out: list[str] = []
    shown = (
        without_empty({"at": at(row.at), "what": row.kind, "columns": row.data.get("columns", [])})
        for row in rows.iterator(chunk_size=CHUNK)
    )
    title, source = _("Changes of these contacts"), _("Recorded by the software")
    return Part("history", title, "contacts", source, bounded(shown, left_out), left_out)


@part
def letters(held: PersonData) -> Part:
    """Return the person's letters, those above the reader's clearance as a count."""
    left_out = under_another_name(held, "letters")
    if held.hidden:
        words = _("Letters left out, above the clearance of who made this print-out: %(n)d.")
        left_out.append(words % {"n": held.hidden})
    if held.more:
        left_out.append(_("There are more letters than one print-out may hold."))
    return Part(
        "letters",
        _("Letters"),
        "register",
        _("Sent by the person, or about the person, or written to them by the office"),
        list(_letters(held)),
        left_out,
    )


def _letters(held: PersonData) -> Iterator[Row]:
    ids = held.letter_ids
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = Letter.objects.filter(pk__in=chunk).select_related("kind", "department")
        rows = rows.prefetch_related("parties", "documents", "answered_by__outgoing")
        found: dict[UUID, Any] = {row.pk: row for row in rows}
        visible = set(_visible_answers(held, found.values()))
        for pk in chunk:
            if pk in found:
                yield _letter(held, found[pk], visible)


def _visible_answers(held: PersonData, rows: Any) -> Iterator[UUID]:
    ids = {link.outgoing_id for row in rows for link in row.answered_by.all()}
    readable = Letter.objects.visible_to(held.viewer).filter(pk__in=ids)
    yield from readable.values_list("pk", flat=True)


def _letter(held: PersonData, row: Letter, visible: set[UUID]) -> Row:
    roles = held.roles[row.pk]
    answers = [link.outgoing for link in row.answered_by.all() if link.outgoing_id in visible]
    return without_empty(
        {
            "number": row.number,
            "registered_at": at(row.registered_at),
            "as": [str(Party.Role(role).label) for role in dict.fromkeys(roles)],
            "channel": str(row.get_channel_display()),
            "kind": row.kind.name if row.kind else "",
            "subject": row.subject,
            "stage": str(row.get_stage_display()),
            "recipient": row.department.name if row.department else "",
            "documents": [one.title for one in row.documents.all()],
            "answered_by": [one.number for one in answers],
            "others_named": len(row.parties.all()) - len(roles) if roles else 0,
            "content_destroyed": bool(row.disposal_id) or "",
        }
    )
