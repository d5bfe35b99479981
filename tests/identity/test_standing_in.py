"""Stand-ins whom somebody else appoints: in the history, on record, and told to the heads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from identity.models import SecurityEvent
from identity.stand_ins import heads_over
from notices.kinds import NoticeKind
from notices.models import Notice
from notices.words import sentence
from org.models import Membership, OrgChange, User
from tests.factories import api_key, drain

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def addresses(dounia: User, badr: User, chafik: User, admin: User) -> None:
    for person in (dounia, badr, chafik, admin):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.ma")


def fields(person: User, delegate: User) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"person": person.pk, "delegate": delegate.pk, "starts_on": today, "ends_on": today}


def test_who_is_appointed_by_an_administrator_is_told_to_the_head(
    client_as: Browser, badr: User, dounia: User, chafik: User, addresses: None, mailoutbox: Any
) -> None:
    unit = Membership.objects.get(user=dounia, role="head").department
    Membership.objects.get_or_create(user=badr, department=unit)
    client_as("admin").post("/absences/new/", fields(badr, chafik))
    drain("identity.stand_in")
    assert [mail.to for mail in mailoutbox] == [["dounia@example.ma"]]
    drain("absence.tell")
    notices = Notice.objects.filter(kind=NoticeKind.STAND_IN)
    assert {row.person.username for row in notices} == {"badr", "chafik", "dounia"}
    assert notices.get(person=dounia).mail == "none"
    assert "dans un service que vous dirigez" in sentence(notices.get(person=dounia))
    assert "Chafik Ouali" in mailoutbox[0].body
    change = OrgChange.objects.get(action="stand_in")
    assert (change.key, change.after["delegate"]) == ("badr", "chafik")
    assert change.actor is not None
    assert change.actor.username == "admin"
    assert SecurityEvent.objects.get(kind="rights_changed").subject == chafik
    assert "Désigné par" in client_as("dounia").get("/absences/").content.decode()
    person = client_as("admin").get(f"/administration/people/{badr.pk}/").content.decode()
    assert "Intérimaire désigné" in person


def test_the_end_is_told_too(
    client_as: Browser, badr: User, chafik: User, addresses: None, mailoutbox: Any
) -> None:
    browser = client_as("admin")
    browser.post("/absences/new/", fields(badr, chafik))
    drain("identity.stand_in")
    mailoutbox.clear()
    browser.post(f"/absences/{badr.absences.get().pk}/end/")
    drain("identity.stand_in")
    assert "badr@example.ma" in {mail.to[0] for mail in mailoutbox}
    assert OrgChange.objects.filter(action="stand_in_ended", key="badr").exists()


def test_ones_own_absence_is_in_the_history_and_told_to_nobody(
    client_as: Browser, badr: User, chafik: User, addresses: None, mailoutbox: Any
) -> None:
    client_as("badr").post("/absences/new/", fields(badr, chafik))
    drain("identity.stand_in")
    assert not mailoutbox
    assert OrgChange.objects.get(action="stand_in").actor == badr


def test_the_api_says_who_appointed(badr: User, chafik: User) -> None:
    today = timezone.localdate().isoformat()
    body = {"person": "badr", "delegate": "chafik", "starts_on": today, "ends_on": today}
    headers = {"authorization": f"Token {api_key('admin')}"}
    made = Client().post("/api/v1/absences", body, content_type="application/json", headers=headers)
    assert (made.status_code, made.json()["made_by"]) == (201, "admin")


def test_over_a_head_stand_those_of_the_department_above(dounia: User, badr: User) -> None:
    unit = Membership.objects.get(user=dounia, role="head").department
    above = Membership.objects.exclude(department=unit).earliest("pk").department
    type(unit).objects.filter(pk=unit.pk).update(parent=above)
    Membership.objects.filter(department=above).delete()
    Membership.objects.create(user=badr, department=above, role="head")
    assert heads_over(dounia) == [badr]
