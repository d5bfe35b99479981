"""What was read is kept with its history; hostile text does no harm."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from registry.models.letters import Letter
from registry.models.readings import DocumentReading, ReadingPage
from registry.reading.readings import (
    NewReading,
    current_reading,
    current_readings,
    page_of,
    pages_of,
    record_readings,
    text_of,
    unread_documents,
    whole_pages,
)
from registry.verification import verify_register
from tests.factories import deposit, text_file

pytestmark = pytest.mark.django_db


def read(letter: Letter, text: str, *, position: int = 1, **more: Any) -> None:
    document = letter.documents.get(position=position)
    pages = more.pop("pages", [{"number": 1, "text": text}])
    with transaction.atomic():
        record_readings(
            letter, [NewReading(document.pk, "e 1", more.get("language", "fr"), text, pages)]
        )


def test_a_new_reading_retires_the_old_one_and_keeps_it() -> None:
    letter = deposit().letter
    read(letter, "prernière")
    read(letter, "première")
    assert text_of(letter.pk) == "première"
    assert [r.current for r in DocumentReading.objects.order_by("read_at")] == [False, True]
    assert list(verify_register()) == []


def test_documents_are_read_in_their_order_and_the_unread_are_known() -> None:
    letter = deposit(files=[text_file("a"), text_file("b"), text_file("c")]).letter
    read(letter, "deux", position=2)
    read(letter, "un", position=1)
    assert text_of(letter.pk) == "un\n\ndeux"
    assert [d.position for d in unread_documents(letter.pk)] == [3]
    assert [r.text for r in current_readings(letter.pk)] == ["un", "deux"]


def test_a_letter_takes_its_language_once() -> None:
    letter = deposit().letter
    read(letter, "رسالة", language="ar")
    read(letter, "lettre", language="fr")
    assert Letter.objects.get().language == "ar"


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\udfffb\0"])
def test_text_that_no_database_takes_is_kept_without_its_poison(text: str) -> None:
    letter = deposit().letter
    word = {"number": 1, "text": text, "words": [{"text": text, "box": [0.5, 1, 2, 3]}]}
    read(letter, text, pages=[word])
    kept = current_readings(letter.pk)[0]
    assert kept.text.translate({0xFFFD: None, ord("?"): None}) == "ab"
    page = page_of(kept, 1)
    assert page is not None
    assert page["words"][0]["text"].translate({0xFFFD: None, ord("?"): None}) == "ab"
    assert page["words"][0]["box"] == [0.5, 1, 2, 3]
    assert list(verify_register()) == []


def test_numbers_of_every_size_keep_their_seal() -> None:
    letter = deposit().letter
    odd = [0.1, 1e-9, 1e22, 3.0, 12345678901234567890, -0.0, 1 / 3]
    read(letter, "x", pages=[{"number": 1, "text": "x", "odd": odd, "words": [["x", *odd]]}])
    assert list(verify_register()) == []


def made(number: int, text: str = "") -> dict[str, Any]:
    """A page as ocr.reading writes it."""
    text = text or f"page {number}"
    words = [[word, 0.1, 0.2, 0.3, 0.4, 0.875, 0] for word in text.split()]
    return {"number": number, "source": "ocr", "care": "quick", "text": text, "words": words}


def test_pages_come_back_as_they_were_given_one_by_one_or_all() -> None:
    letter = deposit().letter
    pages = [made(number) for number in range(1, 251)]
    read(letter, "x", pages=(page for page in pages))
    reading = current_reading(letter.documents.get().pk)
    assert reading is not None
    assert list(whole_pages(reading)) == pages
    assert page_of(reading, 137) == pages[136]
    assert page_of(reading, 251) is None
    assert pages_of(reading)[9] == {"number": 10, "source": "ocr", "care": "quick"}
    event = letter.events.order_by("seq").last()
    assert event is not None
    assert event.data["pages"] == 250


def test_a_page_that_did_not_change_is_kept_once() -> None:
    letter = deposit().letter
    pages = [made(1), made(2), made(3)]
    read(letter, "x", pages=pages)
    read(letter, "y", pages=[made(1), made(2, "corrected"), made(3) | {"care": "careful"}])
    assert ReadingPage.objects.count() == 4
    reading = current_reading(letter.documents.get().pk)
    assert reading is not None
    assert [page["text"] for page in whole_pages(reading)] == ["page 1", "corrected", "page 3"]
    assert pages_of(reading)[2]["care"] == "careful"
    assert list(verify_register()) == []


def test_seeing_one_page_costs_no_more_in_a_long_document(
    django_assert_num_queries: Any,
) -> None:
    letter = deposit().letter
    read(letter, "x" * 10_000, pages=[made(number) for number in range(1, 121)])
    with django_assert_num_queries(2):
        reading = current_readings(letter.pk)[0]
        assert page_of(reading, 100) is not None
    assert reading.get_deferred_fields() == {"text"}


@pytest.mark.parametrize(
    "sql", ["UPDATE registry_readingpage SET text = 'x'", "DELETE FROM registry_readingpage"]
)
def test_the_database_keeps_page_rows_as_they_were_written(sql: str) -> None:
    read(deposit().letter, "x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)
