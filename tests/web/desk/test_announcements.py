"""Announcements are read by citizens on their days, in their language, until they are withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from org.models import Announcement

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
PAGE = "/administration/announcements/"


def words(**more: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    given = {"words_ar": "المكتب مغلق غداً", "words_fr": "Fermé demain <b>", "first_day": today}
    return {**given, "last_day": today, **more}


def home(language: str) -> str:
    return Client(headers={"accept-language": language}).get("/portal/").content.decode()


def test_citizens_read_it_until_it_is_withdrawn(browser: Browser) -> None:
    client = browser("admin")
    assert client.post(PAGE, words(urgent="on")).status_code == 303

    assert "Fermé demain &lt;b&gt;" in home("fr")
    assert "المكتب مغلق غداً" in home("ar")
    row = Announcement.objects.get()
    assert client.post(f"{PAGE}{row.pk}/withdraw/").status_code == 303
    assert "Fermé demain" not in home("fr")
    assert "Fermé demain" in client.get(PAGE).content.decode()


def test_other_days_do_not_show_it(browser: Browser) -> None:
    client, today = browser("admin"), timezone.localdate()
    for first, last in ((-2, -1), (1, 2)):
        days = [(today + timedelta(days=n)).isoformat() for n in (first, last)]
        client.post(PAGE, words(first_day=days[0], last_day=days[1]))
    assert Announcement.objects.count() == 2
    assert "Fermé demain" not in home("fr")


@pytest.mark.parametrize(
    ("more", "where"),
    [({"words_ar": " "}, "words_ar"), ({"last_day": "2020-01-01"}, "last_day")],
)
def test_what_is_wrong_is_said_beside_its_field(
    more: dict[str, str], where: str, browser: Browser
) -> None:
    answer = browser("admin").post(PAGE, words(**more))
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert not Announcement.objects.exists()
