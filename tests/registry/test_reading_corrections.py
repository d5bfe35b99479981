"""A person's corrections become a reading of their own, sealed, and nothing earlier is lost."""

from typing import Any

import pytest
from django.db import transaction

from jobs.models import Job
from org.models import User
from registry.book.voiding import approve_void, ask_to_void
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading.corrections import (
    correct_words,
    page_to_correct,
    seal_of_page,
    type_page,
)
from registry.reading.page_edits import BadEditError, WordEdit
from registry.reading.readings import NewReading, current_reading, page_of, record_readings, text_of
from registry.states import ConflictError
from registry.verification import verify_register
from tests.factories import deposit
from tests.registry.read_pages import page

pytestmark = pytest.mark.django_db


def read_letter(*texts: str, problem: str = "") -> Letter:
    """A letter of one document, a page for each text."""
    letter = deposit().letter
    pages = [page(text) | {"number": n, "problem": problem} for n, text in enumerate(texts, 1)]
    new = NewReading(
        letter.documents.get().pk, "test 1", "fr", "\n\n".join(texts), pages, problem=problem
    )
    with transaction.atomic():
        record_readings(letter, [new])
    Job.objects.all().delete()
    return letter


def shown(letter: Letter, number: int = 1) -> dict[str, Any]:
    reading = current_reading(letter.documents.get().pk)
    assert reading is not None
    found = page_to_correct(reading, number)
    assert found is not None
    return found


def correct(letter: Letter, actor: User, *edits: WordEdit, **more: Any) -> LetterEvent | None:
    number = more.pop("number", 1)
    given = {"seen": seal_of_page(shown(letter, number)), **more}
    document = letter.documents.get()
    return correct_words(
        letter, actor=actor, document=document, number=number, edits=list(edits), **given
    )


def test_a_correction_is_a_new_reading_and_the_old_one_stays(amina: User) -> None:
    letter = read_letter("Une fuxte", "deuxième page")

    event = correct(letter, amina, WordEdit(1, "fuite"))

    assert text_of(letter.pk) == "Une fuite\n\ndeuxième page"
    old, new = DocumentReading.objects.order_by("read_at")
    assert (old.current, new.current) == (False, True)
    assert page_of(old, 1)["text"] == "Une fuxte"  # type: ignore[index]
    assert page_of(new, 2) == page_of(old, 2)
    assert event is not None
    assert (event.kind, event.actor, event.visibility) == ("reading_corrected", amina, "staff")
    assert list(verify_register()) == []


def test_the_event_tells_how_much_and_never_what(amina: User) -> None:
    letter = read_letter("Monsieur Untel")
    event = correct(letter, amina, WordEdit(1, "Quelqu'un"))
    assert event is not None
    document = str(letter.documents.get().pk)
    assert event.data == {"document": document, "page": 1, "words": 1}


def test_the_letter_is_indexed_and_understood_again(amina: User) -> None:
    letter = read_letter("Une fuxte")
    correct(letter, amina, WordEdit(1, "fuite"))
    assert set(Job.objects.values_list("kind", flat=True)) >= {"letter.index", "letter.understand"}


def test_confirming_a_page_is_an_event_of_its_own_and_understands_nothing_anew(
    amina: User,
) -> None:
    letter = read_letter("Une fuite")
    event = correct(letter, amina, confirm=True)
    assert event is not None
    assert event.kind == "reading_confirmed"
    assert not Job.objects.filter(kind="letter.understand").exists()
    assert correct(letter, amina, confirm=True) is None


def test_who_saw_an_older_page_is_told_and_changes_nothing(amina: User) -> None:
    letter = read_letter("Une fuxte")
    seen = seal_of_page(shown(letter))
    correct(letter, amina, WordEdit(1, "fuite"))
    with pytest.raises(ConflictError):
        correct(letter, amina, WordEdit(1, "faute"), seen=seen)
    assert text_of(letter.pk) == "Une fuite"


def test_two_people_correct_two_pages_without_disturbing_each_other(
    amina: User, badr: User
) -> None:
    letter = read_letter("prernière", "dernxère")
    first, second = (seal_of_page(shown(letter, number)) for number in (1, 2))
    correct(letter, amina, WordEdit(0, "première"), seen=first)
    correct(letter, badr, WordEdit(0, "dernière"), number=2, seen=second)
    assert text_of(letter.pk) == "première\n\ndernière"


def test_a_voided_letter_takes_no_correction(amina: User, direction: User) -> None:
    letter = read_letter("Une fuxte")
    approve_void(ask_to_void(letter, actor=amina, reason="Double"), actor=direction)
    with pytest.raises(ConflictError):
        correct(letter, amina, WordEdit(1, "fuite"))


def test_a_refused_edit_leaves_no_trace(amina: User) -> None:
    letter = read_letter("Une fuite")
    version = Letter.objects.get().version
    with pytest.raises(BadEditError):
        correct(letter, amina, WordEdit(1, "bien"), WordEdit(9, "x"))
    assert Letter.objects.get().version == version
    assert DocumentReading.objects.count() == 1


def test_a_page_that_nobody_could_read_is_typed_in_and_then_found(amina: User) -> None:
    letter = read_letter("", "", problem="handwriting")
    document = letter.documents.get()
    type_page(
        letter, actor=amina, document=document, number=2, text="Je demande un compteur.",
        seen=seal_of_page(shown(letter, 2)),
    )  # fmt: skip
    reading = current_reading(document.pk)
    assert reading is not None
    assert text_of(letter.pk) == "Je demande un compteur."
    assert reading.problem == ""
    assert [one["problem"] for one in reading.pages] == ["handwriting", ""]
    assert list(verify_register()) == []


def test_a_document_without_any_page_can_still_be_typed_in(amina: User) -> None:
    letter = deposit().letter
    document = letter.documents.get()
    with transaction.atomic():
        record_readings(letter, [NewReading(document.pk, "none", "", "", [], problem="damaged")])
    type_page(
        letter, actor=amina, document=document, number=1, text="طلب ربط",
        seen=seal_of_page(shown(letter)),
    )  # fmt: skip
    assert text_of(letter.pk) == "طلب ربط"
    assert Letter.objects.get().language == "ar"
