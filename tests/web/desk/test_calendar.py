"""The calendar's page: changes are shown with what they move, and done when somebody is sure."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from org.models import Holiday
from registry.models.acts import Act
from registry.models.letters import Letter
from routing.assigning import giving
from routing.rules.defaults import load_defaults
from tests import every
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NAMES = {"name_ar": "عطلة استثنائية", "name_fr": "Congé exceptionnel", "name_en": "Day off"}


@pytest.fixture
def letter() -> Letter:
    load_defaults()
    found = deposit(kind=kind("enquiry"), actor=person("amina"), subject="Très secret").letter
    giving.assign(found, department=department("EAU"), actor=person("amina"))
    return Letter.objects.get(pk=found.pk)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_day_off_is_added_after_its_effect_was_seen(browser: Browser, letter: Letter) -> None:
    client, address = browser("admin"), reverse("desk:calendar_edit")
    sent = {"what": "add", "day": str(letter.due_on), **NAMES, "exceptional": "1"}
    seen = text(client.post(address, sent))
    assert letter.number in seen
    assert "Très secret" not in seen
    assert not Holiday.objects.exists()
    done = client.post(address, {**sent, "sure": "1"})
    assert (done.status_code, Act.objects.get().kind) == (303, "calendar_changed")
    drain("clocks.recompute")
    after = Letter.objects.get(pk=letter.pk)
    assert after.due_on is not None
    assert letter.due_on is not None
    assert after.due_on > letter.due_on
    page = text(client.get(reverse("desk:calendar"), {"year": letter.due_on.year}))
    assert "Congé exceptionnel" in page
    history = text(browser("amina").get(reverse("desk:letter", args=[letter.pk])))
    assert after.due_on.strftime("%d/%m/%Y") in history


def test_the_years_holidays_are_proposed_confirmed_and_moved(browser: Browser) -> None:
    client, address = browser("admin"), reverse("desk:calendar_edit")
    assert client.post(address, {"what": "propose", "year": "2025"}).status_code == 200
    client.post(address, {"what": "propose", "year": "2025", "sure": "1"})
    feast = Holiday.objects.get(day="2025-03-30")
    assert not feast.confirmed
    change = {"what": "move", "holiday": feast.pk, "seen": "2025-03-30", "day": "2025-04-01"}
    assert client.post(address, change).status_code == 200
    client.post(address, {**change, "sure": "1"})
    feast.refresh_from_db()
    assert (str(feast.day), feast.confirmed) == ("2025-04-01", True)
    gone = {"what": "remove", "holiday": feast.pk, "seen": "2025-04-01", "sure": "1"}
    client.post(address, gone)
    assert not Holiday.objects.filter(pk=feast.pk).exists()


def test_rubbish_goes_back_with_words(browser: Browser) -> None:
    client = browser("admin")

    def attempt(rubbish: dict[str, str]) -> None:
        for sure in ({}, {"sure": "1"}):
            answer = client.post(reverse("desk:calendar_edit"), {**rubbish, **sure}, follow=True)
            assert answer.status_code == (422 if rubbish.get("what") == "add" else 200)
            assert "notice" in text(answer)
        assert not Holiday.objects.exists()

    rubbish: list[dict[str, str]] = [
        {},
        {"what": "burn"},
        {"what": "add"},
        {"what": "add", "day": "2026-02-30"},
        {"what": "move", "holiday": "x"},
        {"what": "move", "holiday": "9" * 30},
        {"what": "remove", "holiday": "1", "seen": "2026-01-01"},
        {"what": "propose", "year": "٢٠٢٦٠"},
        {"what": "propose", "year": "123"},
    ]
    every.each(rubbish, attempt)


@pytest.mark.parametrize("year", ["", "abcd", "1", "99999", "٢٠٢٦"])
def test_any_year_asked_for_shows_a_page(browser: Browser, year: str) -> None:
    assert browser("audit").get(reverse("desk:calendar"), {"year": year}).status_code == 200


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_speaks_three_languages(browser: Browser, language: str) -> None:
    Holiday.objects.create(day="2026-07-30", name_ar="عيد العرش", name_fr="Trône", name_en="Throne")
    client = browser("admin")
    client.cookies["django_language"] = language
    page = text(client.get(reverse("desk:calendar"), {"year": "2026"}))
    assert {"ar": "عيد العرش", "fr": "Trône", "en": "Throne"}[language] in page
    assert f'lang="{language}"' in page


def test_a_day_of_the_twelve_months_is_opened_and_edited(browser: Browser) -> None:
    feast = {"name_ar": "عيد الفطر", "name_fr": "Aïd al-Fitr", "name_en": "Eid al-Fitr"}
    row = Holiday.objects.create(day="2026-03-20", **feast)
    client, address = browser("admin"), reverse("desk:calendar")

    page = text(client.get(address, {"year": "2026"}))

    assert page.count('class="month"') == 12
    assert "?day=2026-02-28#day" in page
    assert "?day=2026-02-29#day" not in page
    assert re.search(r'<td class="off provisional[^"]*">\s*<a href="\?day=2026-03-20#day"', page)
    assert "رمضان" in text(client.get(address, {"year": "2026"}, headers={"accept-language": "ar"}))
    opened = text(client.get(address, {"day": "2026-03-20"}))
    assert all(name in opened for name in feast.values())
    change = {"what": "confirm", "holiday": row.pk, "seen": "2026-03-20", "sure": "1"}
    client.post(reverse("desk:calendar_edit"), change)
    assert 'id="history"' in text(client.get(address, {"day": "2026-03-21"}))
    for odd in ("2026-02-30", "20/03/1999", "0001-01-01", "9999-12-31"):
        assert 'id="day"' not in text(client.get(address, {"day": odd}))


@pytest.mark.parametrize("typed", ["20/03/2031", "٢٠٣١-٠٣-٢٠"])
def test_a_day_is_opened_and_added_as_it_is_typed(browser: Browser, typed: str) -> None:
    client, address = browser("admin"), reverse("desk:calendar")
    opened = text(client.get(address, {"day": typed}))
    assert "?day=2031-02-28#day" in opened
    sent = {"what": "add", "day": typed, **NAMES, "sure": "1"}
    back = client.post(reverse("desk:calendar_edit"), sent)["Location"]
    assert back.endswith("?year=2031")
    assert Holiday.objects.filter(day="2031-03-20").exists()
    shown = client.post(reverse("desk:calendar_edit"), sent | {"year": "2026"})
    assert shown.context["year"] == 2026


@pytest.mark.parametrize(
    "wrong", [{"day": ""}, {"day": "1900-01-01"}, {"day": "2026-07-30"}, {"name_fr": " "}]
)
def test_a_refused_day_off_keeps_what_was_typed(browser: Browser, wrong: dict[str, str]) -> None:
    Holiday.objects.create(day="2026-07-30", **NAMES)
    sent = {"what": "add", "day": "2026-08-03", **NAMES, "exceptional": "1"} | wrong
    answer = browser("admin").post(reverse("desk:calendar_edit"), sent)
    assert answer.status_code == 422
    page = text(answer)
    form = page.partition('id="new-new-day"')[2].partition("</form>")[0]
    assert 'class="notice error' in page
    for name in ("name_ar", "name_fr", "name_en", "day"):
        assert f'value="{sent[name]}"' in form, name
    assert 'name="exceptional" value="1" checked' in form
    assert 'name="provisional" value="1">' in form
    assert Holiday.objects.count() == 1


def test_who_only_looks_sees_no_forms(browser: Browser) -> None:
    page = text(browser("direction").get(reverse("desk:calendar")))
    assert reverse("desk:calendar_edit") not in page
