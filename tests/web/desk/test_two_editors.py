"""Two people have one form open: the second is told, and overwrites nothing unasked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from correspondence.answers.addressees import AddresseeData
from correspondence.drafts import fresh
from eservices.relations.models import Team
from figures.models import Target
from identity.invitations import invite
from org.institution import institution_on
from org.models import OrgChange, User
from registry.models.registers import Register
from tests.factories import department, kind, person
from tests.web.desk.test_drafts import reply_of_badr

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


def test_the_second_to_change_the_institution_is_told(browser: Browser) -> None:
    client, page = browser("admin"), "/administration/institution/"
    names = {"name_ar": "وكالة التوزيع", "name_fr": "Régie de distribution"}
    assert client.post(page, {**opened(client, page), **names}).status_code == 303
    mine, theirs = opened(client, page), opened(client, page)
    assert client.post(page, {**theirs, "telephones": "0522 11 22 33"}).status_code == 303

    told = client.post(page, {**mine, "emergency": "0800 00 11 11"})

    assert told.status_code == 409
    assert told.context["form"].non_field_errors()
    now = institution_on()
    assert now is not None
    assert (now.telephones, now.emergency) == ("0522 11 22 33", "")
    again = {**mine, "emergency": "0800 00 11 11", "seen": told.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 303


def test_an_invitation_is_no_change_of_what_the_form_shows(
    browser: Browser, admin: User, badr: User
) -> None:
    client, page = browser("admin"), f"/administration/people/{badr.pk}/"
    mine = opened(client, page)
    invite(badr, actor=admin)
    assert OrgChange.objects.filter(key=badr.username, action="invited").exists()
    assert client.post(page, {**mine, "function": "Chef"}).status_code == 303


def hidden(page: str, action: str) -> str:
    """Return what the form of this action says its draft was when the page was made."""
    (form,) = re.findall(rf'<form[^>]*action="{action}".*?</form>', page, re.DOTALL)
    (seen,) = re.findall(r'name="seen"\s+value="([^"]+)"', form)
    return str(seen)


def test_the_second_author_of_a_reply_is_told(browser: Browser, amina: User, badr: User) -> None:
    reply, _letters = reply_of_badr(amina, badr, count=1)
    client, page = browser("badr"), f"/letters/{reply.letter_id}/"
    edit = reverse("desk:on_reply", args=[reply.letter_id, reply.pk, "edit"])
    mine = theirs = hidden(client.get(page).content.decode(), edit)
    client.post(edit, {"subject": "Fuite", "body": "Réparée lundi.", "seen": theirs})

    sent = {"subject": "Fuite", "body": "Réparée mardi.", "submit": "1", "seen": mine}
    told = client.get(client.post(edit, sent)["Location"]).content.decode()

    reply.refresh_from_db()
    assert (reply.body, reply.state) == ("Réparée lundi.", "draft")
    assert "Réparée mardi." in told, "what was typed is there to be copied"
    client.post(edit, {**sent, "seen": hidden(told, edit)})
    reply.refresh_from_db()
    assert (reply.body, reply.state) == ("Réparée mardi.", "submitted")


def test_a_refused_file_does_not_make_the_form_forget_what_it_was_opened_with(
    browser: Browser, amina: User, badr: User
) -> None:
    reply, _letters = reply_of_badr(amina, badr, count=1)
    client, page = browser("badr"), f"/letters/{reply.letter_id}/"
    edit = reverse("desk:on_reply", args=[reply.letter_id, reply.pk, "edit"])
    mine = hidden(client.get(page).content.decode(), edit)
    client.post(edit, {"subject": "Fuite", "body": "Réparée lundi."})
    program = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    refused = client.post(edit, {"subject": "F", "body": "B", "seen": mine, "file": program})
    assert refused.status_code == 422
    assert hidden(refused.content.decode(), edit) == mine


def test_the_second_to_change_the_addressees_is_told(browser: Browser, badr: User) -> None:
    reply = fresh.draft_letter(
        department=department("EAU"),
        actor=badr,
        subject="Coupure",
        body="Le 3 mars.",
        addressees=[AddresseeData(name="M. le Président")],
    )
    client, page = browser("badr"), reverse("desk:draft", args=[reply.pk])
    edit = reverse("desk:on_draft", args=[reply.pk, "edit"])
    address = reverse("desk:on_draft", args=[reply.pk, "address"])
    shown = client.get(page).content.decode()
    blank = {f"to_{part}": [""] for part in ("organisation", "address", "email", "phone", "role")}
    to = {**blank, "to_name": ["Mme la Présidente"], "seen": hidden(shown, address)}
    client.post(address, to)
    assert [one.name for one in reply.addressees.all()] == ["Mme la Présidente"]

    back: Any = {"HTTP_REFERER": f"http://testserver{page}"}
    sent = client.post(address, {**to, "to_name": ["M. X"]}, **back)
    told = client.get(sent["Location"])
    words = {"subject": "Coupure", "body": "Le 4 mars.", "seen": hidden(shown, edit)}
    client.post(edit, words)

    assert "M. X" in told.content.decode()
    assert [one.name for one in reply.addressees.all()] == ["Mme la Présidente"]
    reply.refresh_from_db()
    assert reply.body == "Le 3 mars."
