"""Two administrators have one form open: the second is told, and overwrites nothing unasked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from eservices.relations.models import Team
from figures.models import Target
from identity.invitations import invite
from org.models import OrgChange, User
from registry.models.registers import Register
from tests.factories import department, kind, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]

# Each place with a row of it, and a column that its form changes.
ROWS: dict[str, tuple[Callable[[], Any], str]] = {
    "departments": (lambda: department("EAU"), "name_en"),
    "people": (lambda: person("badr"), "function"),
    "kinds": (lambda: kind("request"), "name_en"),
    "registers": (lambda: Register.objects.get(code="IN"), "name_en"),
    "teams": (lambda: Team.objects.all()[0], "name_en"),
    "targets": (lambda: Target.objects.create(measure="in_term", value=90), "value"),
}


def opened(client: Client, page: str) -> dict[str, Any]:
    """Return the fields of the page's form, as a browser would send them unchanged."""
    form = client.get(page).context["form"]
    given = {bound.name: bound.value() for bound in form}
    given |= {f"role_{unit.code}": role for unit, role in getattr(form, "units", ())}
    return {
        name: value for name, value in given.items() if value is not None and value is not False
    }


@pytest.mark.parametrize("place", ROWS)
def test_the_second_is_told_and_overwrites_nothing_unasked(browser: Browser, place: str) -> None:
    get, column = ROWS[place]
    row, client = get(), browser("admin")
    page = f"/administration/{place}/{row.pk}/"
    mine, theirs = opened(client, page), opened(client, page)
    assert client.post(page, {**theirs, column: "77"}).status_code == 303

    told = client.post(page, {**mine, column: "88"})

    assert told.status_code == 409
    assert told.context["form"].non_field_errors()
    row.refresh_from_db()
    assert str(getattr(row, column)) == "77"
    again = {bound.name: bound.value() for bound in told.context["form"]}
    assert again[column] == "88", "what was typed is kept"
    assert client.post(page, {**mine, column: "88", "seen": again["seen"]}).status_code == 303
    row.refresh_from_db()
    assert str(getattr(row, column)) == "88"


def test_a_form_with_a_mistake_still_knows_what_it_was_opened_with(browser: Browser) -> None:
    client, page = browser("admin"), f"/administration/departments/{department('EAU').pk}/"
    mine = opened(client, page)
    assert client.post(page, {**mine, "name_en": "Theirs"}).status_code == 303
    wrong = client.post(page, {**mine, "name_fr": ""})
    assert wrong.status_code == 422
    assert str(wrong.context["form"]["seen"].value()) == str(mine["seen"])


def test_an_invitation_is_no_change_of_what_the_form_shows(
    browser: Browser, admin: User, badr: User
) -> None:
    client, page = browser("admin"), f"/administration/people/{badr.pk}/"
    mine = opened(client, page)
    invite(badr, actor=admin)
    assert OrgChange.objects.filter(key=badr.username, action="invited").exists()
    assert client.post(page, {**mine, "function": "Chef"}).status_code == 303
