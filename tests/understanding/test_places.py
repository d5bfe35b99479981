"""Where facts were read: kept with the suggestions, sealed, and true to the newest reading."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from org.models import User
from registry import chain
from registry.changes import record_change
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from registry.verification import verify_register
from routing.check import decisions
from routing.inbox import reading
from routing.kinds import RoutingEvent
from routing.models.suggestions import Suggestion
from routing.proposals import suggesting
from tests.factories import deposit, text_file
from tests.registry.read_pages import page
from understanding.facts.places import box_of

pytestmark = pytest.mark.django_db

TOP = ("Société Amandier SARL", "Tél : 0523 34 55 66", "contact@amandier.example")
BODY = (
    "El Jadida, le 12 janvier 2026",
    "Objet : fuite d'eau devant notre dépôt",
    "Monsieur le Directeur, une fuite d'eau coule depuis trois jours devant notre dépôt.",
)


def reading_of(document: Document, *pages: tuple[str, ...]) -> NewReading:
    """A reading with words: lines of each page, every word with a box."""
    read = [page(*lines) | {"number": n} for n, lines in enumerate(pages, 1)]
    text = "\f".join("\n".join(lines) for lines in pages)
    return NewReading(document.pk, "test 1", "fr", text, read)


def understand(letter: Letter) -> dict[str, Suggestion]:
    """Do the job; the best row of each field."""
    with transaction.atomic():
        result = suggesting.understand_letter_work(str(letter.pk), lambda _d, _t: None)
        suggesting.save_understanding(str(letter.pk), result)
    return {row.field: row for row in reading.suggestions_of(letter).order_by("score")}


@pytest.fixture
def bare(db: None) -> Letter:
    """A letter with an enclosure, of which nothing was said at the counter."""
    return deposit(subject="", sender="", files=[text_file(), text_file(name="annexe.txt")]).letter


def test_facts_of_a_guessed_page_are_never_sure(bare: Letter) -> None:
    first = bare.documents.get(position=1)
    sure = reading_of(first, TOP, BODY)
    with transaction.atomic():
        record_readings(bare, [sure])
    assert any(row.sure for row in understand(bare).values())
    guess = [one | {"problem": "doubtful"} for one in sure.pages]
    with transaction.atomic():
        record_readings(bare, [NewReading(first.pk, "test 1", "fr", sure.text, guess)])
    found = understand(bare)
    assert found
    assert not any(row.sure for row in found.values())
    assert max(row.score for row in found.values()) < 0.5


def test_each_fact_knows_its_document_page_words_and_box(
    bare: Letter, register_is_clean: Callable[[], None]
) -> None:
    enclosure, second = bare.documents.order_by("position")
    record_readings(bare, [reading_of(enclosure, ("Une photographie",))])
    record_readings(bare, [reading_of(second, TOP, BODY)])
    found = understand(bare)
    subject = found["subject"]
    assert (subject.document_id, subject.page) == (second.pk, 2)
    assert subject.words == "fuite d'eau devant notre dépôt"
    assert subject.box == [0.2, 0.1, 0.69, 0.15]
    assert (found["sender_email"].page, found["sender_email"].box) == (1, [0, 0.2, 0.09, 0.25])
    assert (found["kind"].document_id, found["kind"].page) == (None, 0)
    register_is_clean()


def test_places_follow_a_newer_reading_also_of_what_a_person_has_decided(
    bare: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    document = bare.documents.order_by("position")[0]
    record_readings(bare, [reading_of(document, BODY)])
    first = understand(bare)["subject"]
    decisions.decide_suggestion(
        Letter.objects.get(pk=bare.pk), actor=amina, values={"subject": first.value}
    )
    record_readings(bare, [reading_of(document, TOP, ("", *BODY))])
    moved = understand(bare)
    assert (first.page, moved["subject"].page) == (1, 2)
    assert moved["subject"].box[1] == pytest.approx(first.box[1] + 0.1)
    assert moved["subject"].decision == Suggestion.Decision.ACCEPTED
    assert moved["document_date"].page == 2
    register_is_clean()


def test_a_letter_without_a_reading_has_facts_without_places(db: None) -> None:
    letter = deposit(subject="Fuite d'eau devant le dépôt, rue des Roses").letter
    found = understand(letter)
    assert found
    assert {(row.document_id, row.page, row.words) for row in found.values()} == {(None, 0, "")}


def test_an_invoice_of_hundreds_of_amounts_leaves_a_bounded_number_of_rows(bare: Letter) -> None:
    lines = tuple(f"Article {n} : {n},50 DH" for n in range(1, 120))
    record_readings(bare, [reading_of(bare.documents.order_by("position")[0], BODY, lines)])
    understand(bare)
    amounts = Suggestion.objects.filter(letter=bare, field="amount")
    assert 2 <= amounts.count() <= 30


def test_a_row_sealed_before_places_were_known_keeps_its_seal(letter: Letter) -> None:
    values: dict[str, Any] = {"letter": letter, "field": "kind", "value": "request", "score": 0.5}
    row = Suggestion(**values, source="rule")
    left_out = {"document_id", "page", "box", "words"}
    columns = {f.attname for f in Suggestion._meta.concrete_fields} - left_out
    before = chain.digest({name: getattr(row, name) for name in columns})[: chain.SEAL_LENGTH]
    assert chain.row_seal(row) == before


@pytest.mark.parametrize(
    "forged", [{"words": "autre chose"}, {"box": [0, 0, 1, 1]}, {"page": 0, "document": None}]
)
def test_a_place_that_was_changed_behind_the_register_is_found(
    letter: Letter, forged: dict[str, Any]
) -> None:
    with transaction.atomic():
        row = Suggestion.objects.create(
            letter=letter, field="place", value="El Jadida", score=0.9, source="pattern",
            document=letter.documents.get(), page=1, box=[0.1, 0.1, 0.2, 0.2], words="El Jadida",
        )  # fmt: skip
        record_change(letter, RoutingEvent.UNDERSTOOD, actor=None, rows=[row])
    Suggestion.objects.filter(pk=row.pk).update(**forged)
    assert [(p.code, p.row) for p in verify_register()] == [("row_edited", chain.row_key(row))]


def test_a_word_that_the_text_spells_otherwise_leads_no_other_astray() -> None:
    words = [
        ("un", (0.1, 0.1, 0.2, 0.2)),
        ("zéro", (0.3, 0.1, 0.4, 0.2)),
        ("deux", (0.5, 0.1, 0.6, 0.2)),
    ]
    text = "un zero deux" + " trois" * 200 + " zéro"
    assert box_of(text, words, 8, 12) == (0.5, 0.1, 0.6, 0.2)


def test_a_fact_whose_number_two_readers_read_differently_is_asked_for(bare: Letter) -> None:
    """The layer of a PDF says one number and its picture shows another: both stay unsaid."""
    first = bare.documents.get(position=1)
    sure = reading_of(first, TOP, BODY)
    for one in sure.pages:
        for word in one["words"]:
            word[5] = 0.3 if word[0] == "34" else 0.9
    with transaction.atomic():
        record_readings(bare, [sure])
    found = understand(bare)
    assert found["sender_phone"].score <= 0.3
    assert not found["sender_phone"].sure
    assert found["sender_email"].score > 0.5
