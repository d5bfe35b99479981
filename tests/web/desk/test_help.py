"""The guides: one for each duty, reachable by all who are signed in, true to the pages."""

import re
from collections.abc import Callable

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve, reverse

from org.models import User
from tests.journeys.office import ROOT
from tests.journeys.pages import PAGES
from web.desk.help.guides import GUIDES, pictures

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_every_duty_has_its_guide() -> None:
    assert GUIDES.keys() == set(User.Duty.values)


@pytest.mark.parametrize("username", ["amina", "badr", "direction", "audit", "admin"])
def test_ones_own_guide_comes_first(username: str, client_as: Browser) -> None:
    page = client_as(username).get(reverse("desk:help")).content.decode()
    duty = User.objects.get(username=username).duty
    assert min(GUIDES, key=lambda other: page.index(reverse("desk:guide", args=[other]))) == duty


@pytest.mark.parametrize("duty", GUIDES)
def test_a_guide_opens_and_its_links_are_addresses(duty: str, client_as: Browser) -> None:
    answer = client_as("chafik").get(reverse("desk:guide", args=[duty]))
    assert answer.status_code == 200
    for step in GUIDES[duty].steps:
        assert str(step.heading) in answer.content.decode()
        if step.url:
            assert resolve(step.url).url_name


def test_who_is_not_signed_in_reads_no_guide(client: Client) -> None:
    assert client.get(reverse("desk:help")).status_code == 302


def test_there_is_no_guide_of_no_duty(client_as: Browser) -> None:
    assert client_as("amina").get("/help/nobody/").status_code == 404


def test_pictures_are_of_pages_that_are_photographed() -> None:
    known = {page.name for page in PAGES}
    shown = {step.page for guide in GUIDES.values() for step in guide.steps if step.page}
    assert shown <= known


def test_every_picture_of_a_guide_is_there_in_each_language() -> None:
    missing = {name for name in pictures() if not finders.find(f"web/help/{name}")}
    assert missing == set()  # ./sijill screenshots guides


def test_every_picture_of_the_tour_is_there() -> None:
    shown = set(re.findall(r"docs/screenshots/[\w-]+\.webp", (ROOT / "README.md").read_text()))
    assert shown
    assert {name for name in shown if not (ROOT / name).exists()} == set()  # … tour
