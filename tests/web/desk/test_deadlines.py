"""Rules of terms are changed after their effect on open letters was seen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.changes import history_of
from registry.models.letters import Letter
from routing.assigning import giving
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule
from routing.rules.defaults import load_defaults
from tests import every
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def letter() -> Letter:
    load_defaults()
    found = deposit(kind=kind("enquiry"), actor=person("amina")).letter
    giving.assign(found, department=department("EAU"), actor=person("amina"))
    return Letter.objects.get(pk=found.pk)


def sent(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """The form as the page gives it, with some fields changed."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    return {**values, **changes}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_shorter_term_shows_what_moves_and_then_moves_it(
    browser: Browser, letter: Letter
) -> None:
    client = browser("admin")
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    address = reverse("desk:deadline", args=[rule.pk])
    form = sent(client, address, days=5)
    assert letter.number in text(client.post(address, form))
    rule.refresh_from_db()
    assert rule.days == 20
    assert client.post(address, {**form, "sure": "1"}).status_code == 303
    drain("clocks.recompute")
    after = Letter.objects.get(pk=letter.pk)
    assert after.due_explained["days"] == 5
    assert history_of(letter.pk)[-1].data["why"] == "rule"


def test_a_rule_out_of_use_takes_its_due_dates_away(browser: Browser, letter: Letter) -> None:
    client = browser("admin")
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    address = reverse("desk:deadline", args=[rule.pk])
    form = sent(client, address, sure="1")
    form.pop("active")
    client.post(address, form)
    drain("clocks.recompute")
    assert Letter.objects.get(pk=letter.pk).due_on is None


def test_an_internal_term_of_a_service_is_added(browser: Browser, letter: Letter) -> None:
    client, address = browser("admin"), reverse("desk:deadline_new")
    form = sent(
        client,
        address,
        kind=kind("enquiry").pk,
        department=department("EAU").pk,
        clock="internal",
        days=3,
        unit="working",
        start_from="assigned",
    )
    assert letter.number in text(client.post(address, form))
    client.post(address, {**form, "sure": "1"})
    drain("clocks.recompute")
    given = Assignment.objects.get(letter=letter)
    assert given.due_explained["days"] == 3
    assert given.due_on is not None
    assert letter.due_on is not None
    assert given.due_on < letter.due_on == Letter.objects.get(pk=letter.pk).due_on


def test_a_term_of_one_way_in_goes_before_that_of_all(browser: Browser, letter: Letter) -> None:
    client, address = browser("admin"), reverse("desk:deadline_new")
    form = sent(client, address, kind=kind("enquiry").pk, days=3, unit="working")
    assert client.post(address, {**form, "channel": "internal"}).status_code == 422
    other = "post" if letter.channel != "post" else "email"
    assert letter.number not in text(client.post(address, {**form, "channel": other}))
    assert letter.number in text(client.post(address, {**form, "channel": letter.channel}))

    client.post(address, {**form, "channel": letter.channel, "sure": "1"})
    client.post(address, {**form, "channel": other, "days": 9, "sure": "1"})
    drain("clocks.recompute")

    assert Letter.objects.get(pk=letter.pk).due_explained["days"] == 3
    rule = DeadlineRule.objects.get(channel=letter.channel)
    page = text(client.get(reverse("desk:deadline", args=[rule.pk])))
    assert 'id="history"' in page


def test_who_saw_an_older_rule_is_told(browser: Browser, letter: Letter) -> None:
    client = browser("admin")
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    address = reverse("desk:deadline", args=[rule.pk])
    form = sent(client, address, days=5, sure="1")
    DeadlineRule.objects.filter(pk=rule.pk).update(days=7)
    client.post(address, form)
    rule.refresh_from_db()
    assert rule.days == 7


def test_a_rule_that_makes_no_sense_is_refused(browser: Browser, letter: Letter) -> None:
    client = browser("admin")
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    address = reverse("desk:deadline", args=[rule.pk])

    def attempt(change: dict[str, str]) -> None:
        answer = client.post(address, sent(client, address, sure="1", **change))
        assert answer.status_code == 422
        assert "notice error" in text(answer)
        rule.refresh_from_db()
        assert (rule.days, rule.unit) == (20, "working")

    changes: list[dict[str, str]] = [
        {"days": "0"},
        {"days": "99999"},
        {"days": "x"},
        {"weekdays": "54321"},
        {"weekdays": ""},
        {"unit": "weeks"},
        {"start_from": "assigned"},  # of the legal clock
        {"clock": "internal", "silence": "approval"},
        {"kind": "999999"},
    ]
    every.each(changes, attempt)


def test_a_second_rule_for_the_same_is_refused(browser: Browser, letter: Letter) -> None:
    client, address = browser("admin"), reverse("desk:deadline_new")
    form = sent(client, address, kind=kind("enquiry").pk, days=3, unit="working", sure="1")
    assert client.post(address, form).status_code == 422
    assert DeadlineRule.objects.filter(kind=kind("enquiry")).count() == 1


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_list_speaks_three_languages(
    browser: Browser, letter: Letter, language: str, django_assert_max_num_queries: Any
) -> None:
    client = browser("audit")
    client.cookies["django_language"] = language
    with django_assert_max_num_queries(8):
        page = text(client.get(reverse("desk:deadlines")))
    assert getattr(kind("enquiry"), f"name_{language}") in page
    assert reverse("desk:deadline_new") not in page


def test_working_days_are_ticks_with_names_and_come_through_the_question(
    browser: Browser, letter: Letter
) -> None:
    client = browser("admin")
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    address = reverse("desk:deadline", args=[rule.pk])
    shown = text(client.get(address))
    assert shown.count('name="weekdays"') == 7
    assert "Samedi" in shown
    asked = text(client.post(address, sent(client, address, weekdays=["6", "1", "2"])))
    kept = re.findall(r'name="weekdays" value="(\d)"', asked)
    assert kept == ["6", "1", "2"]
    form = sent(client, address, weekdays=kept, sure="1")
    assert client.post(address, form).status_code == 303
    rule.refresh_from_db()
    assert rule.weekdays == "126"
