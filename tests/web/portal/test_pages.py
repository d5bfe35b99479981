"""The citizens' pages in three languages, without scripts and for everybody."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from registry.states import Stage
from web.portal.urls import urlpatterns
from web.shared.public_words import EVENTS, STAGES

pytestmark = pytest.mark.django_db
OPEN = (
    *("home", "services", "privacy", "legal", "accessibility", "deposit", "follow", "verify_ask"),
    *("pay", "pay_find", "pay_state"),
)


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")])
def test_every_open_page_speaks_three_languages(name: str, language: str, direction: str) -> None:
    answer = Client(headers={"accept-language": language}).get(reverse(f"portal:{name}"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert "style=" not in page
    assert re.search(r"<script(?![^>]*\bsrc=)", page) is None


@pytest.mark.parametrize("name", OPEN)
def test_every_field_has_a_label(client: Client, name: str) -> None:
    page = client.get(reverse(f"portal:{name}")).content.decode()
    fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)
    labels = set(re.findall(r'<label for="([^"]+)"', page))
    for field in fields:
        if 'type="hidden"' in field:
            continue
        found = re.search(r'\bid="([^"]+)"', field)
        assert "aria-label" in field or (found and found[1] in labels), field


def test_no_address_names_a_letter() -> None:
    routes = [str(pattern.pattern) for pattern in urlpatterns]
    assert not any("letter_id" in route or "number>/" in route for route in routes)


def test_every_stage_has_public_words() -> None:
    assert set(STAGES) == set(Stage)
    assert "registered" in EVENTS
