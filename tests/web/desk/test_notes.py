"""Notes on a letter's page: written, refused with what was typed, seen by whom they are for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from org.models import User
from routing.models.notes import Mention, Note
from routing.notes import writing
from tests.factories import department
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def post(client: Client, name: str, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=args), fields)


def body(client: Client, case: Case) -> str:
    return client.get(reverse("desk:letter", args=[case.letter.pk])).content.decode()


def test_a_note_is_written_changed_and_deleted(case: Case, browser: Browser) -> None:
    badr, letter = browser("badr"), case.letter.pk
    answer = post(badr, "write_note", letter, reach="department:EAU", text="Déjà vu <b>")
    assert answer.status_code == 303
    note = Note.objects.get()
    assert (note.reach, note.department) == ("department", department("EAU"))
    assert "Déjà vu &lt;b&gt;" in body(badr, case)
    assert "Déjà vu" in body(browser("dounia"), case)
    for who in ("amina", "direction", "audit"):
        assert "Déjà vu" not in body(browser(who), case)
        assert post(browser(who), "delete_note", letter, note.pk).status_code == 404
    page = badr.get(reverse("desk:note", args=[letter, note.pk])).content.decode()
    assert "Déjà vu" in page
    assert post(badr, "note", letter, note.pk, text="Bien vu").status_code == 303
    assert "Bien vu" in body(badr, case)
    assert post(badr, "delete_note", letter, note.pk).status_code == 303
    assert not Note.objects.exists()


def test_a_private_note_is_nowhere_for_others(case: Case, browser: Browser) -> None:
    post(browser("badr"), "write_note", case.letter.pk, reach="mine", text="Pour moi seul")
    note = Note.objects.get()
    for who in ("amina", "dounia", "direction", "audit"):
        assert "Pour moi seul" not in body(browser(who), case)
        client = browser(who)
        assert client.get(reverse("desk:note", args=[case.letter.pk, note.pk])).status_code == 404
    assert "note_" not in str(list(case.letter.events.values_list("kind", flat=True)))


def test_what_is_refused_comes_back_with_what_was_typed(case: Case, browser: Browser) -> None:
    fields = {"reach": "readers", "text": "Voir @chafik", "named": ["dounia"]}
    answer = post(browser("badr"), "write_note", case.letter.pk, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Rien n’a été" in page or "chafik" in page
    assert "Voir @chafik" in page
    assert 'value="dounia" checked' in page
    assert not Note.objects.exists()


def test_who_is_named_says_that_it_was_seen(case: Case, browser: Browser) -> None:
    post(browser("badr"), "write_note", case.letter.pk, reach="readers", text="x", named=["dounia"])
    mention = Mention.objects.get()
    dounia = browser("dounia")
    assert case.letter.number in dounia.get("/reminders/").content.decode()
    for who in ("badr", "chafik", "direction"):
        assert post(browser(who), "mention_seen", mention.pk).status_code == 404
        assert "mention" not in browser(who).get("/reminders/").content.decode()
    assert post(dounia, "mention_seen", mention.pk).status_code == 303
    assert case.letter.number not in dounia.get("/reminders/").content.decode()


def test_names_that_turn_the_line_stay_in_their_place(case: Case, browser: Browser) -> None:
    User.objects.filter(username="badr").update(first_name="\u202eأحمد", last_name="<i>Badr")
    post(browser("badr"), "write_note", case.letter.pk, reach="readers", text="Vu")
    page = body(browser("amina"), case)
    assert "\u202e" not in page.split('id="notes"')[1].split("</section>")[0]
    assert "\u2068أحمد &lt;i&gt;Badr\u2069" in page


def test_many_notes_cost_no_more_than_few(case: Case, browser: Browser, badr: User) -> None:
    client = browser("badr")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse("desk:letter", args=[case.letter.pk])).status_code == 200
        return len(asked)

    def write() -> None:
        writing.write_note(
            case.letter, author=badr, text="@dounia", reach="department", named=["dounia"]
        )

    write()
    queries()  # puts the day’s reading on record
    few = queries()
    for _ in range(25):
        write()
    assert queries() == few
    page = body(client, case)
    following = page.split("?notes=")[1].split("#notes")[0]
    older = client.get(reverse("desk:letter", args=[case.letter.pk]) + f"?notes={following}")
    assert older.content.decode().count('class="assignment-line"') >= 6
