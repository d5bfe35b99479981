"""The pure rules behind the pages: text in pieces, pages by key, reasons, Hijri dates."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from eservices.kinds import EserviceEvent
from org.models import User
from registry.models.letters import Letter
from search.contract import InvalidCursor
from tests.factories import deposit
from web.desk.reading.viewer import pieces_of, shown_page
from web.desk.reasons import sentences
from web.desk.requests.words import REQUEST_WORDS, spoken
from web.hijri import hijri_words
from web.shared.paging import page_of

WORDS = st.lists(
    st.tuples(st.text(min_size=1, max_size=6), st.floats(0, 1)).map(
        lambda pair: [pair[0], 0, 0, 0.1, 0.1, pair[1]]
    ),
    max_size=12,
)


@given(text=st.text(max_size=120), words=WORDS)
def test_pieces_put_together_are_the_text(text: str, words: list[list[Any]]) -> None:
    assert "".join(piece.text for piece in pieces_of(text, words)) == text


@given(words=WORDS)
def test_exactly_the_weak_words_are_marked(words: list[list[Any]]) -> None:
    plain = [[f"mot{n}", *word[1:]] for n, word in enumerate(words)]
    text = " ".join(word[0] for word in plain)

    marked = [piece.text for piece in pieces_of(text, plain) if piece.weak]

    assert marked == [word[0] for word in plain if word[5] < 0.6]


def test_a_doubted_number_of_a_text_layer_is_marked() -> None:
    words = [["Le", 0, 0, 0.1, 0.1, 1.0], ["4471", 0.2, 0, 0.3, 0.1, 0.3]]
    shown = shown_page({"number": 1, "source": "text", "text": "Le 4471", "words": words})
    assert ([piece.text for piece in shown.pieces if piece.weak], shown.percent) == (["4471"], None)


@pytest.mark.django_db
def test_pages_by_key_show_each_letter_once_while_others_come_in(amina: User) -> None:
    known = [deposit(actor=amina).letter.pk for _ in range(7)]
    seen: list[Any] = []
    cursor = ""
    while True:
        found = page_of(Letter.objects.all(), order=["-serial", "pk"], cursor=cursor, limit=3)
        seen += [letter.pk for letter in found.rows]
        cursor = found.next_cursor
        deposit(actor=amina)
        if not cursor:
            break

    assert seen == known[::-1]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "[1]:abc", "é" * 40, "\x00"])
def test_a_made_up_page_marker_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        page_of(Letter.objects.all(), order=["-serial"], cursor=cursor)


def test_reasons_become_sentences_and_unknown_codes_stay_silent() -> None:
    with translation.override("en"):
        found = sentences(
            ["rule:leak:تسرب", "kind:request", "date_line", "no_such_code:x"],
            kinds={"request": "Request"},
        )

    assert len(found) == 3
    assert "تسرب" in found[0]
    assert "Request" in found[1]


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 2, 18), "1 Ramadan 1447 AH"), (date(2024, 7, 7), "1 Muharram 1446 AH")],
)
def test_the_hijri_date_stands_beside_the_gregorian(day: date, words: str) -> None:
    with translation.override("en"):
        assert hijri_words(day) == words


def test_the_first_of_a_hijri_month_is_written_as_the_french_do() -> None:
    with translation.override("fr"):
        assert hijri_words(date(2026, 2, 18)).startswith("1er ")
        assert hijri_words(date(2026, 2, 19)).startswith("2 ")
    with translation.override("ar"):
        assert hijri_words(date(2026, 2, 18)).startswith("1 ")


def test_days_outside_the_tables_have_no_hijri_date() -> None:
    assert hijri_words(date(1800, 1, 1)) == ""


@pytest.mark.django_db
def test_log_in_brings_the_persons_language_and_slows_down_guessing(nobody: Client) -> None:
    from config.organisation import DEMO_PASSWORD

    User.objects.filter(username="badr").update(language="ar")
    good = {"username": "badr", "password": DEMO_PASSWORD}
    answer = nobody.post("/login/", good)
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "ar"

    stranger = Client()
    for _ in range(10):
        stranger.post("/login/", {"username": "dounia", "password": "wrong"})
    braked = stranger.post("/login/", {"username": "dounia", "password": DEMO_PASSWORD})

    assert braked.status_code == 429
    assert int(braked["Retry-After"]) > 0


@pytest.mark.django_db
def test_each_duty_begins_where_its_work_is(
    client_as: Callable[[str], Client], nobody: Client
) -> None:
    begins = {"amina": "/tray/", "badr": "/inbox/", "audit": "/search/", "admin": "/office/"}

    for name, address in begins.items():
        assert client_as(name).get("/")["Location"] == address
    assert nobody.get("/")["Location"] == "/portal/"


@pytest.mark.django_db
def test_the_chosen_language_stays_with_the_person(client_as: Callable[[str], Client]) -> None:
    client_as("badr").post("/i18n/setlang/", {"language": "en", "next": "/inbox/"})

    assert User.objects.get(username="badr").language == "en"


def test_how_a_citizen_was_told_is_said_in_words() -> None:
    with translation.override("fr"):
        words = str(REQUEST_WORDS[EserviceEvent.REQUEST_NOTIFIED])
        assert words % spoken({"way": "email"}) == "Usager informé par courriel"
        assert words % spoken({"way": "sms"}) == "Usager informé par SMS"
