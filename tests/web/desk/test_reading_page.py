"""A person checks a page: what is shown, what a form keeps, and who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings, text_of
from tests.factories import deposit, pdf
from tests.registry.read_pages import page
from tests.web.desk.cases import Case
from tests.web.desk.test_pages import ELSEWHERE, INLINE
from tests.web.layout import flat
from web.desk.reading.page import STRIP, direction_of, strip_of

Browser = Callable[[str], Client]


def read_letter(*pages: dict[str, Any], departments: tuple[str, ...] = ()) -> Letter:
    """A letter of one PDF, read as these pages."""
    letter = deposit(files=[pdf()], departments=departments).letter
    numbered = [one | {"number": number} for number, one in enumerate(pages, 1)]
    text = "\n\n".join(one["text"] for one in pages)
    with transaction.atomic():
        record_readings(letter, [NewReading(letter.documents.get().pk, "t", "fr", text, numbered)])
    return letter


def address(letter: Letter, number: int = 1, *, verb: str = "read_page") -> str:
    return reverse(f"desk:{verb}", args=[letter.pk, letter.documents.get().pk, number])


def shown(client: Client, letter: Letter, number: int = 1, status: int = 200) -> str:
    answer = client.get(address(letter, number))
    assert answer.status_code == status
    return flat(answer.content.decode())


def seen(client: Client, letter: Letter, number: int = 1) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', shown(client, letter, number))
    assert found
    return found[1]


def keep(client: Client, letter: Letter, number: int = 1, **fields: str) -> Any:
    """Send the form; keyword names have _ for - ."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    given.setdefault("seen", seen(client, letter, number))
    given.setdefault("do", "save")
    return client.post(address(letter, number, verb="correct_page"), given)


@pytest.mark.django_db
def test_words_stand_in_their_lines_with_their_places_on_the_picture(browser: Browser) -> None:
    letter = read_letter(page("Une fuxte", "chez nous"))
    text = shown(browser("amina"), letter)
    assert re.search(r'<span class="word weak" data-at="1" data-percent="50">fuxte</span>', text)
    assert re.search(r'<rect data-at="1" class="weak" x="98.0" y="-2.0" width="94.0"', text)
    assert text.count('<p class="line"') == 2
    assert 'data-weak="4"' in text


@pytest.mark.django_db
def test_an_arabic_page_runs_from_right_to_left_and_its_latin_lines_do_not(
    browser: Browser,
) -> None:
    letter = read_letter(page("السيد المدير", "SRM Casablanca", "12/3", language="ar"))
    text = shown(browser("amina"), letter)
    assert re.findall(r'<p class="line" dir="(\w+)"', text) == ["rtl", "ltr", "rtl"]


@pytest.mark.django_db
def test_corrections_are_kept_and_found_in_the_text_of_the_letter(browser: Browser) -> None:
    letter = read_letter(page("Une fuxte", "chez nous"))
    client = browser("amina")

    answer = keep(client, letter, word_1="fuite", word_2="", new_1="fin", box_1="0 .5 .4 .6")

    assert answer.status_code == 303
    assert answer["Location"] == address(letter)
    assert text_of(letter.pk) == "Une fuite\nnous\nfin"
    assert '<span class="word checked" data-at="1"' in shown(client, letter)


@pytest.mark.django_db
def test_without_javascript_a_line_is_a_field_and_only_changed_ones_count(
    browser: Browser,
) -> None:
    letter = read_letter(page("Une fuxte", "chez nous"))
    client = browser("amina")
    text = shown(client, letter)
    assert '<input id="line-1" name="line-1" value="chez nous"' in text

    lines = {"was_0": "Une fuxte", "line_0": "Une fuite", "was_1": "chez nous"}
    keep(client, letter, 1, **lines, line_1="chez nous")

    assert text_of(letter.pk) == "Une fuite\nchez nous"
    assert LetterEvent.objects.get(kind="reading_corrected").data["words"] == 1


@pytest.mark.django_db
def test_a_page_that_is_all_right_is_confirmed_and_nothing_is_left_to_check(
    browser: Browser,
) -> None:
    letter = read_letter(page("Une fuite"))
    client = browser("amina")
    keep(client, letter, do="confirm")
    assert LetterEvent.objects.filter(kind="reading_confirmed").count() == 1
    assert 'data-weak="0"' in shown(client, letter)


@pytest.mark.django_db
def test_who_was_slower_reads_it_and_finds_their_own_words_again(browser: Browser) -> None:
    letter = read_letter(page("Une fuxte"))
    client = browser("amina")
    old = seen(client, letter)
    keep(client, letter, word_1="fuite")

    answer = keep(client, letter, word_1="faute <b>grave</b>", seen=old)

    assert answer.status_code == 409
    assert "faute &lt;b&gt;grave&lt;/b&gt;" in answer.content.decode()
    assert text_of(letter.pk) == "Une fuite"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"word_0": "x" * 10_000},
        {"word_99": "x"},
        {"word_x": "x"},
        {"line_7": "x"},
        {"new_1": "x", "box_1": "1 2 3"},
        {"new_1": "x", "box_1": "nan nan nan nan"},
        {"new_1": "x"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_given_back(
    fields: dict[str, str], browser: Browser
) -> None:
    letter = read_letter(page("Une fuite"))
    answer = keep(browser("amina"), letter, 1, **fields)
    assert answer.status_code == 400
    assert "Rien n" in answer.content.decode()
    assert next(v for k, v in fields.items() if not k.startswith("box")) in answer.content.decode()
    assert text_of(letter.pk) == "Une fuite"


@pytest.mark.django_db
def test_a_correction_runs_nothing_and_turns_no_direction(browser: Browser) -> None:
    letter = read_letter(page("mot"))
    client = browser("amina")
    keep(client, letter, word_0="\u202e<script>alert(1)</script>")
    text = shown(client, letter)
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert "\u202e" not in text


@pytest.mark.django_db
def test_a_page_that_was_not_read_says_why_and_can_be_typed_in(browser: Browser) -> None:
    unread = page() | {"source": "none", "problem": "handwriting"}
    letter = read_letter(page("Une fuite"), unread)
    client = browser("amina")
    text = shown(client, letter, 2)
    assert "Cette page n’a pas été lue" in text
    assert '<textarea id="typed" name="text"' in text

    keep(client, letter, 2, do="type", text="Je demande\nun compteur")

    assert text_of(letter.pk) == "Une fuite\n\nJe demande\nun compteur"
    assert keep(client, letter, 2, do="type", text=" ").status_code == 400


@pytest.mark.django_db
def test_a_page_that_was_guessed_shows_its_words_and_says_so(browser: Browser) -> None:
    letter = read_letter(page("Une fuite"), page("Xne fuxte") | {"problem": "doubtful"})
    text = shown(browser("amina"), letter, 2)
    assert "fuxte" in text
    assert "ressemble à une écriture manuscrite" in text
    assert "Cette page n’a pas été lue" not in text
    assert '<textarea id="typed" name="text"' in text


@pytest.mark.django_db
def test_a_department_reads_the_page_without_buttons_and_corrects_nothing(
    browser: Browser,
) -> None:
    letter = read_letter(page("Une fuxte"), departments=("EAU",))
    text = shown(browser("badr"), letter)
    assert "fuxte" in text
    assert 'id="corrections"' not in text
    assert 'name="word' not in text
    answer = browser("badr").post(
        address(letter, verb="correct_page"), {"seen": "0", "word-1": "fuite"}
    )
    assert answer.status_code == 403
    assert text_of(letter.pk) == "Une fuxte"


@pytest.mark.django_db
def test_who_may_not_read_the_letter_finds_no_page_of_it(browser: Browser, case: Case) -> None:
    letter = read_letter(page("Une fuxte"))
    for verb, send in (("read_page", "get"), ("correct_page", "post")):
        answer = getattr(browser("chafik"), send)(address(letter, verb=verb), {"word-1": "x"})
        assert answer.status_code == 404
    other = reverse("desk:read_page", args=[letter.pk, case.document.pk, 1])
    assert browser("amina").get(other).status_code == 404


@pytest.mark.django_db
def test_a_page_beyond_the_end_is_not_there_and_a_number_leads_to_its_page(
    browser: Browser,
) -> None:
    letter = read_letter(page("un"), page("deux"))
    client = browser("amina")
    shown(client, letter, 3, status=404)
    answer = client.get(address(letter), {"go": "2"})
    assert answer["Location"] == address(letter, 2)


@pytest.mark.django_db
def test_a_document_that_is_not_read_yet_says_so(browser: Browser, amina: User) -> None:
    letter = deposit(actor=amina, files=[pdf()]).letter
    assert "dès" in shown(browser("amina"), letter)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_holds_nothing_that_its_policy_forbids_and_labels_every_field(
    language: str, browser: Browser
) -> None:
    letter = read_letter(page("Une fuxte", "chez nous"), page() | {"problem": "empty"})
    client = browser("amina")
    client.cookies["django_language"] = language
    for number in (1, 2):
        text = shown(client, letter, number)
        assert not re.search(INLINE, text)
        assert not re.search(ELSEWHERE, text)
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
            name = re.search(r'\bid="([^"]+)"', field)
            assert 'type="hidden"' in field or (name and name[1] in labelled), field


@pytest.mark.django_db
def test_a_document_of_2000_pages_costs_no_more_queries_and_shows_few_of_them(
    browser: Browser,
) -> None:
    client = browser("amina")
    counts = []
    for letter in (read_letter(page("un")), read_letter(*[page("un")] * 2000)):
        client.get(address(letter))
        with CaptureQueriesContext(connection) as caught:
            text = shown(client, letter, 1)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 24  # five of them for the counts of menu and bell
    assert text.count('?w=200"') == STRIP
    assert len(text) < 60_000


@given(st.integers(1, 400), st.data())
def test_the_strip_holds_the_present_page_and_leads_to_all_others(
    total: int, data: st.DataObject
) -> None:
    number = data.draw(st.integers(1, total))
    pages = [{"number": n, "source": "ocr", "confidence": 0.9} for n in range(1, total + 1)]
    strip = strip_of(pages, number)
    shown = [one.number for one in strip.pages]
    assert [one.number for one in strip.pages if one.here] == [number]
    assert len(shown) <= STRIP
    assert strip.before == (shown[0] - 1 or None)
    assert strip.after == (shown[-1] + 1 if shown[-1] < total else None)


@pytest.mark.parametrize(
    ("text", "direction"),
    [("المرجع DV-26", "rtl"), ("Réf. رقم 12", "ltr"), ("12/03", "rtl"), ("", "rtl")],
)
def test_a_line_runs_as_most_of_its_letters_do(text: str, direction: str) -> None:
    assert direction_of(text, "rtl") == direction
