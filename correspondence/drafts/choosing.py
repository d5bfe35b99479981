"""Addressees of a mailing: from a table (CSV), contacts of the directory, parties of the letter."""

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _

from correspondence.answers.addressees import AddresseeData
from correspondence.drafts.mailings import MOST
from language.fold import fold
from org.models import User
from org.row_cells import TOO_MANY, beyond
from org.signs import colon
from registry.contacts.access import NoSuchContactError, get_contact, note_view
from registry.contacts.search import find_contacts
from registry.models.contacts import Contact
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError

MOST_BYTES: Final = 1_000_000
MOST_CONTACTS: Final = 100
MOST_FOUND: Final = 20
COLUMNS: Final = ("name", "organisation", "address", "email", "phone")
_SPELLINGS: Final = {
    "name": "name nom الاسم",
    "organisation": "organisation organization organisme societe المنظمة الهيئة الشركة",
    "address": "address adresse العنوان",
    "email": "email e-mail mail courriel البريد",
    "phone": "phone telephone tel gsm الهاتف",
}
_BY_SPELLING: Final = {
    fold(word): column for column, line in _SPELLINGS.items() for word in line.split()
}


def out_of_table(data: bytes) -> list[AddresseeData]:
    """Return the addressees of a CSV: name;organisation;address;email;phone, or by its header.

    The separator is semicolon, comma or tab. Raise NotAllowedError with what is wrong.
    """
    if len(data) > MOST_BYTES:
        raise NotAllowedError(_("The table is too large."))
    try:
        text = data.decode("utf-8-sig")
    except ValueError:
        raise NotAllowedError(_("The table is not in UTF-8.")) from None
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        lines = [(reader.line_num, line) for line in reader if any(line)]
    except csv.Error as error:
        raise NotAllowedError(_("The table cannot be read.")) from error
    columns: list[str] = list(COLUMNS)
    known = [_BY_SPELLING.get(fold(cell.strip()), "") for cell in lines[0][1]] if lines else []
    if "name" in known or "organisation" in known:
        columns, lines = known, lines[1:]
    if len(lines) > MOST:
        raise NotAllowedError(_("A mailing goes to 1 to 500 addressees."))
    for number, line in lines:
        if beyond(line, len(columns)):
            where = _("Line %(line)s") % {"line": number}
            raise NotAllowedError(f"{where}{colon()} {TOO_MANY}")
    return [AddresseeData(**_cells(columns, line)) for _number, line in lines]


def _cells(columns: list[str], line: list[str]) -> dict[str, Any]:
    return {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column}


def contacts_named(words: str, viewer: User) -> list[Contact]:
    """Return up to 20 directory contacts that match these words and that the viewer may see."""
    if not words.strip():
        return []
    found = find_contacts(words).order_by("sort_name", "pk")[:MOST_FOUND]
    return [contact for contact in found if _seen(contact.pk, viewer)]


def of_contacts(ids: Iterable[int], viewer: User) -> list[AddresseeData]:
    """Return up to 100 contacts that the viewer may see, with the newest address of each kind.

    The access is recorded (Loi 09-08).
    """
    rows: list[AddresseeData] = []
    for pk in dict.fromkeys([*ids][:MOST_CONTACTS]):
        if contact := _seen(pk, viewer):
            note_view(contact, viewer=viewer)
            rows.append(_of_contact(contact))
    return rows


def _seen(pk: int, viewer: User) -> Contact | None:
    try:
        return get_contact(viewer, pk)
    except NoSuchContactError:
        return None


def _of_contact(contact: Contact) -> AddresseeData:
    reached: dict[str, Any] = {}
    for point in contact.points.order_by("pk"):
        if point.kind in COLUMNS:
            reached[str(point.kind)] = point.value
    person = contact.kind == Contact.Kind.PERSON
    reached["name" if person else "organisation"] = contact.name
    return AddresseeData(**reached)


def of_letter(letter: Letter) -> list[AddresseeData]:
    """Return all parties of a letter as addressees."""
    return [
        AddresseeData(
            name=party.name,
            organisation=party.organisation,
            address=party.address,
            email=party.email,
            phone=party.phone,
        )
        for party in letter.parties.all()
        if party.name or party.organisation
    ]
