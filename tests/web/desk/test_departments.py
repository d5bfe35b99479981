"""Departments' pages: created, changed, closed with an heir after a look at what moves."""

from collections.abc import Callable

import pytest
from django.test import Client

from correspondence.kinds import OutgoingJob
from tests.factories import department, drain
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
HOME = "/administration/departments/"
NEW = {
    "code": "qlt",
    "name_ar": "مصلحة الجودة",
    "name_fr": "Qualité",
    "parent": "EAU",
    "position": "3",
}


def test_a_department_is_created_and_changed(browser: Browser) -> None:
    client = browser("admin")
    assert client.post(f"{HOME}new/", NEW).status_code == 303
    made = department("QLT")
    assert "Qualité" in client.get(HOME).content.decode()

    fields = {**NEW, "name_fr": "Qualité de l’eau", "parent": ""}
    assert client.post(f"{HOME}{made.pk}/", fields).status_code == 303

    assert department("QLT").parent is None
    page = client.get(f"{HOME}{made.pk}/").content.decode()
    assert "Qualité de l’eau" in page
    assert "<del>" in page


def test_what_is_wrong_is_said_beside_its_field(browser: Browser) -> None:
    answer = browser("admin").post(f"{HOME}new/", {**NEW, "code": "EAU", "name_ar": ""})
    assert answer.status_code == 422
    assert {"name_ar"} <= set(answer.context["form"].errors)


def test_closing_shows_what_moves_before_it_is_done(browser: Browser, case: Case) -> None:
    client, page = browser("admin"), f"{HOME}{department('EAU').pk}/close/"
    assert client.post(page, {"heir": ""}).status_code == 422
    assert client.post(page, {"heir": "EAU", "sure": "1"}).status_code == 422

    seen = client.post(page, {"heir": "ASS"})
    assert seen.status_code == 200
    assert seen.context["foreseen"]["letters"][1] == 1
    assert department("EAU").active

    assert client.post(page, {"heir": "ASS", "sure": "1"}).status_code == 303
    drain(OutgoingJob.DEPARTMENT_HAND_OVER)
    assert not department("EAU").active
    assert "EAU" in client.get(HOME, {"show": "closed"}).content.decode()
    assert browser("badr").get(f"/letters/{case.letter.pk}/").status_code == 200
