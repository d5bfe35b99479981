"""Persons: one for a verified contact, found by name in both scripts, never without a contact."""

import threading

import pytest
from django.db import connection, connections

from eservices.people import persons
from eservices.people.models import ContactPoint, Person

MAIL = "salma@usager.example"


@pytest.mark.django_db
def test_one_contact_is_one_person_however_it_is_written() -> None:
    first = persons.person_for("phone", "06 12 34 56 78", name="Salma Alami", language="ar")
    assert persons.person_for("phone", "+212612345678", name="Autre") == first
    assert (first.name, first.level, first.language) == ("Salma Alami", 1, "ar")
    assert persons.person_for("email", MAIL) != first
    assert [event.kind for event in first.events.all()] == ["made"]


@pytest.mark.django_db
def test_a_name_is_kept_with_keys_of_both_scripts() -> None:
    latin = persons.name_key("Salma El Alami")
    arabic = persons.name_key("سلمى العلمي")
    assert " salma " in latin
    assert set(latin.split()) & set(arabic.split())


@pytest.mark.django_db
def test_a_contact_of_another_person_is_not_added() -> None:
    salma = persons.person_for("email", MAIL)
    other = persons.person_for("email", "autre@usager.example")
    with pytest.raises(persons.ContactTakenError):
        persons.add_contact(other, "email", MAIL.upper())
    persons.add_contact(salma, "phone", "0612345678")
    assert persons.known_person("phone", "+212612345678") == salma


@pytest.mark.django_db
def test_the_last_contact_stays() -> None:
    salma = persons.person_for("email", MAIL)
    first = salma.contacts.get()
    with pytest.raises(persons.LastContactError):
        persons.remove_contact(salma, first)
    persons.add_contact(salma, "phone", "0612345678")
    persons.remove_contact(salma, first)
    assert [row.way for row in salma.contacts.all()] == ["phone"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_become_one_person() -> None:
    found: list[Person] = []
    ready = threading.Barrier(3)

    def come() -> None:
        ready.wait(timeout=30)
        try:
            found.append(persons.person_for("email", MAIL))
        finally:
            connections.close_all()

    connection.close()
    comers = [threading.Thread(target=come) for _number in range(3)]
    for comer in comers:
        comer.start()
    for comer in comers:
        comer.join(timeout=60)
    assert len(found) == 3
    assert len({person.pk for person in found}) == 1
    assert ContactPoint.objects.count() == Person.objects.count() == 1
