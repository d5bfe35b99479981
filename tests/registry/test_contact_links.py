"""A letter's sender and the directory: linked by a person or surely, and never sealed away."""

from typing import Any

import pytest

from registry.contacts import links as contact_links
from registry.contacts.access import NoSuchContactError, get_contact, note_view
from registry.contacts.directory import points_of
from registry.corrections import correct_letter
from registry.intake import PartyData
from registry.models.contacts import ContactView
from registry.models.events import LetterEvent
from registry.verification import verify_register
from tests.factories import deposit
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db


def sender(name: str = "Mohamed Alaoui", **more: str) -> PartyData:
    return PartyData("sender", name=name, **more)


def test_a_link_is_a_line_of_the_history_and_breaks_no_seal(amina: Any) -> None:
    letter = deposit(actor=amina, parties=[sender()]).letter
    row = contact()

    contact_links.link_sender(letter, contact=row, actor=amina)

    event = LetterEvent.objects.get(letter=letter, kind="contact_linked")
    assert event.actor == amina
    assert event.data == {"contact": row.pk}
    assert list(verify_register(files=False)) == []


def test_linking_teaches_the_contact_and_overwrites_nothing(amina: Any) -> None:
    party = sender(email="m@example.org", phone="0612345678", address="Rue 1, El Jadida")
    letter = deposit(actor=amina, parties=[party]).letter
    row = contact("M. le Président Alaoui", email="autre@example.org")

    contact_links.link_sender(letter, contact=row, actor=amina, customer_number="4711")

    points = {(p.kind, p.value): p for p in points_of(row)}
    assert ("email", "autre@example.org") in points
    assert ("email", "m@example.org") in points
    assert ("customer", "4711") in points
    assert points["phone", "0612345678"].letter == letter
    assert points["phone", "0612345678"].verified_at is None
    row.refresh_from_db()
    assert row.name == "M. le Président Alaoui"
    assert letter.parties.get().email == "m@example.org"


def test_a_letter_without_sender_gets_one_from_its_contact(amina: Any) -> None:
    letter = deposit(actor=amina, sender="").letter

    contact_links.link_sender(letter, contact=contact("Karim Tahiri"), actor=amina)

    assert letter.parties.get().name == "Karim Tahiri"
    assert list(verify_register(files=False)) == []


def test_a_contact_is_made_from_a_letter(amina: Any) -> None:
    party = PartyData(
        "sender", name="H. Tazi", organisation="Société Nour SARL", phone="0523341212"
    )
    letter = deposit(actor=amina, parties=[party], language="fr").letter

    row = contact_links.contact_from_letter(letter, actor=amina)

    assert (row.kind, row.name, row.language) == ("organisation", "Société Nour SARL", "fr")
    assert letter.parties.get().contact == row
    assert [point.value for point in points_of(row)] == ["0523341212"]
    assert points_of(row).filter(compared="0523341212").exists()


def test_the_machine_never_links_what_a_person_unlinked(amina: Any) -> None:
    letter = deposit(actor=amina, parties=[sender()]).letter
    row = contact()

    assert contact_links.link_surely(letter, contact=row)
    contact_links.unlink_sender(letter, actor=amina)

    assert not contact_links.link_surely(letter, contact=row)
    assert letter.parties.get().contact is None
    assert list(verify_register(files=False)) == []


@pytest.mark.parametrize(("name", "kept"), [("Mohammed EL ALAOUI", True), ("Karim Tazi", False)])
def test_a_corrected_name_keeps_its_contact_only_while_it_is_the_same(
    name: str, kept: bool, amina: Any
) -> None:
    letter = deposit(actor=amina, parties=[sender()]).letter
    contact_links.link_sender(letter, contact=contact(), actor=amina)

    correct_letter(letter, actor=amina, changes={}, sender=sender(name))

    assert (letter.parties.get().contact is not None) is kept
    assert list(verify_register(files=False)) == []


def test_a_department_sees_contacts_of_its_own_letters_alone(
    amina: Any, badr: Any, chafik: Any, audit: Any, admin: Any
) -> None:
    row = contact()
    letter = deposit(actor=amina, parties=[sender()], departments=["EAU"]).letter
    contact_links.link_sender(letter, contact=row, actor=amina)

    for viewer in (amina, badr, audit, admin):
        assert get_contact(viewer, row.pk) == row
    with pytest.raises(NoSuchContactError):
        get_contact(chafik, row.pk)
    with pytest.raises(NoSuchContactError):
        get_contact(amina, 0)


def test_each_look_is_counted_by_day(amina: Any) -> None:
    row = contact()

    note_view(row, viewer=amina)
    note_view(row, viewer=amina)

    assert ContactView.objects.get(contact=row, person=amina).times == 2
