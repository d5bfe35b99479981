"""Templates in their page: the starting set once, edited, tried as a paper, taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from correspondence.forms.confined import fill
from correspondence.forms.fields import sample_values
from correspondence.forms.keeping import newest
from correspondence.forms.starting import load_templates, starting_templates
from correspondence.models.forms import ReplyTemplate
from org.models import Membership
from routing.assigning import giving
from tests.factories import department, deposit, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def template() -> ReplyTemplate:
    load_templates()
    return ReplyTemplate.objects.get(seed="acknowledgement.fr")


def sent(template: ReplyTemplate, **changes: str) -> dict[str, str]:
    form = {"name": template.name, "text": "Bonjour {{ sender_name }}", "seen": "1"}
    return {**form, "department": "", "kind": "", **changes}


def test_the_starting_set_comes_once_and_stays_as_the_office_left_it(
    browser: Browser, template: ReplyTemplate
) -> None:
    client, address = browser("admin"), f"/templates/{template.pk}/"
    assert ReplyTemplate.objects.count() == len(starting_templates()) == 12
    assert client.post(address, sent(template, name="Reçu")).status_code == 303
    client.post(f"{address}retire/")

    assert load_templates() == 0

    template.refresh_from_db()
    assert (template.name, newest(template).number) == ("Reçu", 2)
    assert template.retired_at is not None
    page = text(client.get(address))
    assert "Accusé de réception" in page  # what it was called, in its history
    assert "Salma" in page


def test_every_template_of_the_starting_set_is_filled(tmp_path: Any) -> None:
    for row in starting_templates():
        path = tmp_path / "template.txt"
        path.write_text(row["text"], encoding="utf-8")
        unit = department("EAU")
        values = sample_values(department=unit, author=None, language=row["language"])
        empty = dict.fromkeys(values, "")
        told, bare = fill(path, form="text", language=row["language"], values=[values, empty])
        assert values["number"] in told.decode()
        assert "{" not in told.decode() + bare.decode()


def test_mistakes_are_told_with_their_lines_and_what_was_typed_stays(
    browser: Browser, template: ReplyTemplate
) -> None:
    client, address = browser("admin"), f"/templates/{template.pk}/"
    typed = "Bonjour\n{{ nobody }}\n\n{% for x in subject %}{% endfor %}"

    answer = client.post(address, sent(template, text=typed))

    page = text(answer)
    assert answer.status_code == 422
    assert "Ligne 2" in page
    assert "Ligne 4" in page
    assert "{{ nobody }}" in page
    assert newest(template).number == 1


def test_a_text_is_seen_as_a_paper_before_it_is_kept(
    browser: Browser, template: ReplyTemplate
) -> None:
    client, address = browser("admin"), f"/templates/{template.pk}/"

    paper = client.post(address, sent(template, preview="sample"))

    assert paper.content.startswith(b"%PDF")
    assert paper.headers["Content-Disposition"].startswith("inline")
    assert newest(template).number == 1


def test_only_a_letter_that_the_person_may_read_is_put_into_a_template(
    browser: Browser, template: ReplyTemplate
) -> None:
    letter = deposit(actor=person("amina")).letter
    client, address = browser("admin"), f"/templates/{template.pk}/"
    asked = sent(template, preview="letter", letter=letter.number)
    assert client.post(address, asked).status_code == 422

    eau = department("EAU")
    giving.assign(letter, department=eau, actor=person("amina"))
    Membership.objects.create(user=person("admin"), department=eau)

    assert client.post(address, asked).content.startswith(b"%PDF")


def test_an_earlier_version_comes_back_as_a_new_one(
    browser: Browser, template: ReplyTemplate
) -> None:
    client, address = browser("admin"), f"/templates/{template.pk}/"
    client.post(address, sent(template))
    assert client.post(address, sent(template, text="Autre")).status_code == 409

    client.post(f"{address}restore/", {"version": "1"})

    last = newest(template)
    first = template.versions.get(number=1)
    assert (last.number, last.file.sha256) == (3, first.file.sha256)
    assert client.post(f"{address}restore/", {"version": "99"}).status_code == 404


def test_a_template_is_written_in_the_page(browser: Browser) -> None:
    client = browser("admin")
    form = {"name": "Note", "language": "ar", "text": "السيد {{ sender_name }}"}

    answer = client.post("/templates/new/", form)

    made = ReplyTemplate.objects.get()
    assert answer.headers["Location"] == f"/templates/{made.pk}/"
    assert client.post("/templates/new/", {**form, "text": " "}).status_code == 422
    both = client.post("/templates/new/", {**form, "file": SimpleUploadedFile("a.txt", b"a")})
    assert both.status_code == 422
    assert form["text"] in text(both)
    refused = client.post("/templates/new/", {**form, "text": "{{ x }}"})
    assert "{{ x }}" in text(refused)
