"""Citizens' mandates for staff: seen with their proof, decided once, by page and by command."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from eservices.people import mandates
from eservices.people.models import Mandate
from eservices.people.persons import person_for
from tests.factories import pdf

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def asked(name: str = "Père sans courriel") -> Mandate:
    agent = person_for("email", "omar@usager.example", name="Omar Idrissi")
    return mandates.ask(
        agent, mandates.MandateInput(name=name, services=["works_permit"], proof=pdf())
    )


@pytest.mark.parametrize("username", ["amina", "admin"])
def test_clerks_and_administrators_see_the_proof_and_confirm(
    client_as: Browser, username: str
) -> None:
    row, browser = asked(), client_as(username)
    page = browser.get("/mandates/").content.decode()
    assert "Omar Idrissi" in page
    assert "Père sans courriel" in page
    proof = browser.get(f"/mandates/{row.pk}/proof/")
    assert proof["Content-Disposition"].startswith("attachment")
    assert browser.post(f"/mandates/{row.pk}/decide/", {"do": "confirm"}).status_code == 303
    assert mandates.mandates_of(row.agent) == [row]
    assert browser.post(f"/mandates/{row.pk}/decide/", {"do": "confirm"}).status_code == 404
    page = browser.get("/mandates/").content.decode()
    assert f"/mandates/{row.pk}/decide/" not in page
    assert "Un mandat a été confirmé" in page


def test_staff_see_whose_contact_it_is_that_the_agent_wrote(client_as: Browser) -> None:
    person_for("email", "salma@usager.example", name="Salma Alami")
    agent = person_for("email", "omar@usager.example", name="Omar Idrissi")
    wanted = mandates.MandateInput(contact="salma@usager.example", name="Ali Bennani", proof=pdf())
    mandates.ask(agent, wanted)
    page = client_as("amina").get("/mandates/").content.decode()
    assert "Ali Bennani" in page
    assert "Salma Alami" in page


def test_a_refused_mandate_does_not_hold(client_as: Browser) -> None:
    row = asked()
    client_as("amina").post(f"/mandates/{row.pk}/decide/", {"do": "refuse"})
    assert mandates.mandates_of(row.agent) == []
    assert "Un mandat a été refusé" in client_as("amina").get("/mandates/").content.decode()


def test_the_command_lists_and_decides() -> None:
    row, out = asked(), io.StringIO()
    call_command("mandates", "list", "--json", stdout=out)
    assert [one["id"] for one in json.loads(out.getvalue())] == [str(row.pk)]
    with pytest.raises(CommandError):
        call_command("mandates", "confirm", str(row.pk), by="badr")
    call_command("mandates", "confirm", str(row.pk), by="amina")
    assert mandates.mandates_of(row.agent) == [row]
    with pytest.raises(CommandError):
        call_command("mandates", "refuse", str(row.pk), by="amina")


def test_a_longer_list_asks_no_more_queries(
    client_as: Browser, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    browser = client_as("amina")
    for number in range(12):
        asked(f"N° {number}")
    browser.get("/mandates/")
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]  # a context
        assert browser.get("/mandates/").content.decode().count("/decide/") == 12
