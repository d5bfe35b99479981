"""Controls that speak the page's language: the switch, files, choices, quantities."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from tests.web.layout import flat
from web.shared.quantities import quantity
from web.shared.widgets import ChosenFile

Browser = Callable[[str], Client]
TEMPLATES = Path(__file__).resolve().parents[3] / "web" / "templates"
CHOSEN_BY = (
    *('class="file-pick"', 'class="dropzone"', 'class="camera"'),
    *('class="form-camera', 'class="form-file"'),
)
FILE = re.compile(r'<input\b(?:[^<>{]|\{\{.*?\}\}|\{%.*?%\})*type="file"')


@pytest.mark.django_db
def test_the_name_of_a_language_starts_with_what_is_seen(nobody: Client) -> None:
    page = flat(nobody.get("/login/").content.decode())
    buttons = re.findall(r'<button name="language"([^>]*)>(.*?)</button>', page)
    assert len(buttons) == 3
    assert all("aria-label" not in attributes for attributes, _words in buttons)
    assert re.sub("<[^>]*>", "", buttons[1][1]).split() == ["Fr", "Français"]


def test_every_file_is_chosen_by_a_label_in_the_pages_language() -> None:
    bare = []
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        for found in FILE.finditer(text):
            before = text[: found.start()]
            inside = max(map(before.rfind, CHOSEN_BY))
            if inside <= max(before.rfind("</label>"), before.rfind("</form>")):
                bare.append(path.name)
    assert bare == []


def test_so_is_every_file_of_a_form() -> None:
    """The style sheet hides the browser's own button."""
    assert get_resolver().url_patterns  # all forms are loaded
    waiting: list[Any] = [forms.Form, forms.ModelForm]
    bare = []
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in getattr(form, "base_fields", {}).items():
            if isinstance(field, forms.FileField) and not isinstance(field.widget, ChosenFile):
                bare.append(f"{form.__name__}.{name}")
    assert bare == []


def test_no_choice_is_a_row_of_dashes(browser: Browser) -> None:
    page = browser("amina").get("/absences/").content.decode()
    assert "Choisir une personne" in page
    assert "-----" not in page


@pytest.mark.parametrize(
    ("language", "written"), [("en", "12,345"), ("fr", "12\xa0345"), ("ar", "12.345")]
)
def test_quantities_are_written_as_the_language_does(language: str, written: str) -> None:
    with translation.override(language):
        assert quantity(12345) == written
        assert [quantity(it) for it in (999, "4,5 %", "", "—")] == ["999", "4,5 %", "", "—"]
