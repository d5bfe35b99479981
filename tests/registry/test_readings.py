"""What was read is kept with its history; hostile text does no harm."""

from typing import Any

import pytest
from django.db import transaction

from registry.models import DocumentReading, Letter
from registry.readings import (
    NewReading,
    current_readings,
    record_readings,
    text_of,
    unread_documents,
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
    assert kept.pages[0]["words"][0]["text"].translate({0xFFFD: None, ord("?"): None}) == "ab"
    assert kept.pages[0]["words"][0]["box"] == [0.5, 1, 2, 3]
    assert list(verify_register()) == []


def test_numbers_of_every_size_keep_their_seal() -> None:
    letter = deposit().letter
    odd = [0.1, 1e-9, 1e22, 3.0, 12345678901234567890, -0.0, 1 / 3]
    read(letter, "x", pages=[{"number": 1, "text": "x", "odd": odd}])
    assert list(verify_register()) == []
