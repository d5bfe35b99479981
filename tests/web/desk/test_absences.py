"""The page of absences: each for themself, heads for their people, administrators for all."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from org.models import Absence, User
from routing.inbox import assignments
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def fields(person: User, delegate: User) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    return {"person": person.pk, "delegate": delegate.pk, "starts_on": today, "ends_on": today}


def test_a_person_announces_and_ends_their_absence(
    browser: Browser, dounia: User, chafik: User
) -> None:
    answer = browser("dounia").post("/absences/new/", fields(dounia, chafik))
    assert answer.status_code == 303
    row = Absence.objects.get()
    assert (row.person, row.delegate, row.made_by) == (dounia, chafik, dounia)
    assert "Chafik Ouali" in browser("chafik").get("/absences/").content.decode()
    # Who stands in does not end it.
    assert browser("chafik").post(f"/absences/{row.pk}/end/").status_code == 404
    assert browser("dounia").post(f"/absences/{row.pk}/end/").status_code == 303
    row.refresh_from_db()
    assert row.ended_at


def test_somebody_elses_absence_is_neither_announced_nor_seen(
    browser: Browser, dounia: User, badr: User, chafik: User
) -> None:
    assert browser("chafik").post("/absences/new/", fields(dounia, badr)).status_code == 422
    assert not Absence.objects.exists()
    browser("admin").post("/absences/new/", fields(dounia, badr))
    row = Absence.objects.get()
    assert f"absence-{row.pk}" not in browser("chafik").get("/absences/").content.decode()
    assert browser("chafik").post(f"/absences/{row.pk}/end/").status_code == 404


def test_what_cannot_be_is_said_and_nothing_is_lost(browser: Browser, dounia: User) -> None:
    answer = browser("dounia").post("/absences/new/", fields(dounia, dounia) | {"note": "Congé"})
    assert answer.status_code == 422
    assert "Nul ne peut être son propre intérimaire" in answer.content.decode()
    assert 'value="Congé"' in answer.content.decode()


def test_who_announces_their_own_absence_alone_is_not_offered_as_their_stand_in(
    browser: Browser, badr: User, dounia: User
) -> None:
    def offered(name: str) -> str:
        page = browser(name).get("/absences/").content.decode()
        return page.partition('name="delegate"')[2].partition("</select>")[0]

    assert f'value="{badr.pk}"' not in offered("badr")
    assert f'value="{dounia.pk}"' in offered("badr")
    assert f'value="{dounia.pk}"' in offered("dounia")  # for the absence of her people


def test_the_history_says_for_whom_somebody_acted(
    browser: Browser, case: Case, dounia: User, chafik: User
) -> None:
    browser("dounia").post("/absences/new/", fields(dounia, chafik))
    assignments.sign_off(case.assignment, actor=chafik, method="noted")
    page = browser("chafik").get(f"/letters/{case.letter.pk}/").content.decode()
    words = page.replace("\u2068", "").replace("\u2069", "")
    assert "Chafik Ouali pour Dounia Rahmani" in words


def test_nobody_is_sent_to_the_log_in(client: Client) -> None:
    assert client.get("/absences/").status_code == 302
    assert client.post("/absences/new/").status_code == 302
    assert client.post("/absences/1/end/").status_code == 302
