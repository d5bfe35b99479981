"""Mandates: scope, day, confirmation and end; who gives, who asks, and who decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from eservices.people import account, mandates
from eservices.people.mandates import MandateError, MandateInput
from eservices.people.models import Mandate, Person
from eservices.people.persons import person_for
from org.models import User
from registry.refusals import DepositRefusedError
from tests.factories import file, pdf

pytestmark = pytest.mark.django_db
OWNER, ARCHITECT = "owner@usager.example", "architect@usager.example"


@pytest.fixture
def owner() -> Person:
    return person_for("email", OWNER, name="Salma Alami")


@pytest.fixture
def architect() -> Person:
    return person_for("email", ARCHITECT, name="Omar Idrissi")


def test_what_the_principal_gives_holds_at_once_for_its_scope(
    owner: Person, architect: Person
) -> None:
    row = mandates.give(
        owner, MandateInput(contact=ARCHITECT, services=["works_permit"], contracts=["00123-A"])
    )
    assert mandates.mandates_of(architect) == [row]
    assert mandates.mandates_of(architect, service="works_permit", contract="123A") == [row]
    assert mandates.mandates_of(architect, service="works_permit", contract="124A") == []
    assert mandates.mandates_of(architect, service="works_permit") == []  # none without a contract
    assert mandates.mandates_of(architect, service="pay_bill", contract="123A") == []
    assert mandates.mandates_of(owner) == []


@given(
    services=st.lists(st.sampled_from(["a", "b", "c"]), max_size=2),
    contracts=st.lists(st.sampled_from(["1", "2", "3"]), max_size=2),
    service=st.sampled_from(["a", "b", "c", "d"]),
    contract=st.sampled_from(["", "1", "2", "4"]),
)
def test_a_scope_covers_what_it_names_and_all_where_it_names_nothing(
    services: list[str], contracts: list[str], service: str, contract: str
) -> None:
    row = Mandate(services=services, contracts=contracts)
    wanted = (not services or service in services) and (not contracts or contract in contracts)
    assert mandates.covers(row, service=service, contract=contract) == wanted


def test_a_mandate_ends_after_its_last_day_and_when_one_of_the_two_says_so(
    owner: Person, architect: Person
) -> None:
    today = timezone.localdate()
    row = mandates.give(owner, MandateInput(contact=ARCHITECT, until=today))
    assert mandates.mandates_of(architect) == [row]
    Mandate.objects.update(until=today - timedelta(days=1))
    assert mandates.mandates_of(architect) == []
    Mandate.objects.update(until=None)
    other = person_for("email", "thief@voleur.example")
    assert not mandates.end(other, row.pk)
    assert mandates.mandates_of(architect) == [row]
    assert mandates.end(architect, row.pk)
    assert mandates.mandates_of(architect) == []
    assert [e.kind for e in owner.events.order_by("id")][-2:] == ["mandate_given", "mandate_ended"]


def test_what_the_agent_asks_for_waits_for_the_principal(owner: Person, architect: Person) -> None:
    row = mandates.ask(architect, MandateInput(contact=OWNER, proof=pdf()))
    assert mandates.mandates_of(architect) == []
    assert not mandates.confirm_by_principal(architect, row.pk)  # nobody confirms their own
    assert mandates.confirm_by_principal(owner, row.pk)
    assert mandates.mandates_of(architect) == [row]


def test_staff_who_saw_the_proof_decide(
    architect: Person, amina: User, badr: User, admin_person: User
) -> None:
    row = mandates.ask(architect, MandateInput(name="Père sans courriel", proof=pdf()))
    with pytest.raises(PermissionError):
        mandates.confirm_by_staff(row.pk, actor=badr)
    assert mandates.confirm_by_staff(row.pk, actor=amina)
    assert mandates.mandates_of(architect) == [row]
    row.refresh_from_db()
    assert row.confirmed_by == amina
    second = mandates.ask(architect, MandateInput(name="Mère", proof=pdf()))
    assert mandates.refuse_by_staff(second.pk, actor=admin_person)
    assert not mandates.confirm_by_staff(second.pk, actor=amina)


@pytest.fixture
def admin_person() -> User:
    return User.objects.get(username="admin")


def test_whoever_verifies_the_named_contact_later_takes_the_mandate_over(owner: Person) -> None:
    row = mandates.give(owner, MandateInput(contact=" Architect@Usager.example", name="Omar"))
    people = Person.objects.count()
    architect = person_for("email", ARCHITECT)
    assert mandates.mandates_of(architect) == [row]
    assert architect.name == ""  # not what somebody else called them
    assert Person.objects.count() == people  # the placeholder is gone
    assert "mandate_received" in [event.kind for event in architect.events.all()]


def test_what_staff_confirmed_for_a_mere_address_waits_for_who_verifies_it(
    architect: Person, amina: User
) -> None:
    row = mandates.ask(architect, MandateInput(contact=OWNER, name="Ali Bennani", proof=pdf()))
    assert mandates.confirm_by_staff(row.pk, actor=amina)  # the paper was Ali's, the address is not
    owner = person_for("email", OWNER, name="Salma Alami")
    assert mandates.mandates_of(architect) == []
    row.refresh_from_db()
    assert (row.principal, row.confirmed_at, row.confirmed_by) == (owner, None, None)
    assert mandates.confirm_by_principal(owner, row.pk)
    assert mandates.mandates_of(architect) == [row]


@pytest.mark.parametrize(
    "wanted",
    [
        {"contact": ""},
        {"contact": "bientôt"},
        {"contact": OWNER},
        {"contact": ARCHITECT, "until": timezone.localdate() - timedelta(days=1)},
    ],
)
def test_what_cannot_be_a_mandate_is_said(owner: Person, wanted: dict[str, Any]) -> None:
    with pytest.raises(MandateError):
        mandates.give(owner, MandateInput(**wanted))
    with pytest.raises(MandateError):
        mandates.ask(owner, MandateInput(contact=ARCHITECT))  # without a proof
    assert not Mandate.objects.exists()


def test_a_proof_is_judged_like_any_file(owner: Person) -> None:
    with pytest.raises(DepositRefusedError):
        mandates.give(
            owner, MandateInput(contact=ARCHITECT, proof=file("a.exe", b"MZ\x90\x00" * 400))
        )
    assert not Mandate.objects.exists()


def test_a_deleted_account_is_empty_and_its_mandates_have_ended(
    owner: Person, architect: Person
) -> None:
    row = mandates.give(owner, MandateInput(contact=ARCHITECT, name="Omar", proof=pdf()))
    account.delete(owner)
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert (row.named, row.proof_id, row.proof_name) == ("", None, "")
    assert mandates.mandates_of(architect) == []
    owner.refresh_from_db()
    assert (owner.name, owner.name_key, owner.level, owner.preferences) == ("", "", 0, {})
    assert owner.closed_at is not None
    assert not owner.contacts.exists()
    assert [event.kind for event in owner.events.all()] == ["deleted"]
    assert person_for("email", OWNER) != owner  # who comes back is somebody new
