"""What the machine understands fills what is empty, and overwrites nobody's words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from org.models import User
from registry.changes import history_of
from registry.models.letters import Letter
from registry.reading.readings import NewReading, record_readings
from routing.check import decisions
from routing.inbox import reading
from routing.models.suggestions import Suggestion
from routing.proposals import suggesting
from routing.proposals.suggesting import person_and_body, save_understanding
from routing.rules import deciding
from tests.factories import deposit, kind
from understanding.letters.understanding import Suggested, Understanding

pytestmark = pytest.mark.django_db


def suggested(field: str, value: str, *, sure: bool = True, score: float = 0.9) -> Suggested:
    return Suggested(field, value, score, ("words:fuite",), "classifier", sure)


WRITTEN = timezone.localdate() - timedelta(days=20)
UNDERSTOOD = Understanding(
    (
        suggested("kind", "complaint_technical"),
        suggested("department", "EAU"),
        suggested("department", "ASS", sure=False, score=0.1),
        suggested("subject", "Fuite devant l'école"),
        suggested("sender", "Syndic Al Amal"),
        suggested("document_date", str(WRITTEN)),
        suggested("external_reference", "SY/12/2026"),
    ),
    "m1",
)


@pytest.fixture
def bare(db: None) -> Letter:
    """A letter of which nothing was said at the counter."""
    return deposit(subject="", sender="").letter


@pytest.fixture(autouse=True)
def _transaction(db: None) -> None:
    """Saving runs inside the job's transaction; pytest's own stands in for it."""


def test_sure_suggestions_fill_an_empty_letter_and_set_its_due_date(
    rules: None, bare: Letter, register_is_clean: Callable[[], None]
) -> None:
    save_understanding(str(bare.pk), UNDERSTOOD)
    letter = Letter.objects.get(pk=bare.pk)
    assert (letter.subject, letter.external_reference) == ("Fuite devant l'école", "SY/12/2026")
    assert letter.kind == kind("complaint_technical")
    assert letter.document_date == WRITTEN
    assert letter.sender is not None
    assert letter.sender.name == "Syndic Al Amal"
    assert letter.due_on is not None
    assert letter.due_explained["due_on"] == str(letter.due_on)
    assert reading.suggestions_of(letter).filter(field="department").first().value == "EAU"  # type: ignore[union-attr]
    assert "Syndic" not in str(history_of(letter.pk)[-1].data)
    register_is_clean()


def test_what_a_person_wrote_is_never_overwritten(amina: User) -> None:
    letter = deposit(subject="Ma fuite", sender="Mme Alaoui", kind=kind("request")).letter
    save_understanding(str(letter.pk), UNDERSTOOD)
    letter = Letter.objects.get(pk=letter.pk)
    assert (letter.subject, letter.kind) == ("Ma fuite", kind("request"))
    assert letter.sender is not None
    assert letter.sender.name == "Mme Alaoui"


def test_an_unsure_suggestion_is_shown_and_fills_nothing(bare: Letter) -> None:
    unsure = Understanding((suggested("kind", "request", sure=False, score=0.4),), "m1")
    save_understanding(str(bare.pk), unsure)
    assert Letter.objects.get(pk=bare.pk).kind is None
    assert [row.value for row in reading.suggestions_of(bare)] == ["request"]


def test_a_newer_understanding_takes_the_place_of_the_older_but_not_of_a_decision(
    bare: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    save_understanding(str(bare.pk), UNDERSTOOD)
    letter = Letter.objects.get(pk=bare.pk)
    decisions.decide_suggestion(letter, actor=amina, values={"subject": "Fuite devant l'école"})
    newer = Understanding((suggested("department", "COM"), suggested("subject", "Autre")), "m2")
    save_understanding(str(bare.pk), newer)
    current = {(row.field, row.value) for row in reading.suggestions_of(letter)}
    assert current == {
        ("department", "COM"),
        ("subject", "Fuite devant l'école"),
    }
    assert Letter.objects.get(pk=bare.pk).subject == "Fuite devant l'école"
    assert Suggestion.objects.filter(letter=letter).count() == 8
    register_is_clean()


@pytest.mark.parametrize("days", [-3, 1800])
def test_a_date_to_come_or_of_years_ago_waits_for_a_person(bare: Letter, days: int) -> None:
    odd = str(timezone.localdate() - timedelta(days=days))
    save_understanding(str(bare.pk), Understanding((suggested("document_date", odd),), "m1"))
    assert Letter.objects.get(pk=bare.pk).document_date is None
    assert [row.value for row in reading.suggestions_of(bare)] == [odd]


def test_a_kind_or_date_that_does_not_exist_fills_nothing(bare: Letter) -> None:
    odd = Understanding((suggested("kind", "poem"), suggested("document_date", "2026-13-40")), "m")
    save_understanding(str(bare.pk), odd)
    letter = Letter.objects.get(pk=bare.pk)
    assert (letter.kind, letter.document_date) == (None, None)


def test_a_real_letter_is_understood_by_the_model_of_the_starting_set(
    bare: Letter, register_is_clean: Callable[[], None]
) -> None:
    text = (
        "El Jadida, le 3 février 2026\nObjet : fuite d'eau sur la voie publique\nMonsieur le "
        "Directeur,\nUne fuite d'eau importante coule depuis trois jours devant notre immeuble, "
        "la conduite est cassée et la pression est très faible au robinet."
    )
    document = bare.documents.get()
    record_readings(bare, [NewReading(document.pk, "test 1", "fr", text, [])])
    result = suggesting.understand_letter_work(str(bare.pk), lambda _done, _total: None)
    suggesting.save_understanding(str(bare.pk), result)
    department = reading.suggestions_of(bare).filter(field="department").first()
    assert department is not None
    assert department.value == "EAU"
    assert department.reasons
    assert department.model_version
    assert Letter.objects.get(pk=bare.pk).subject == "fuite d'eau sur la voie publique"
    register_is_clean()


def test_what_goes_out_is_not_understood_nor_routed(amina: User) -> None:
    outgoing = deposit(register="OUT", subject="Réponse : fuite d'eau", actor=amina).letter
    assert suggesting.understand_letter_work(str(outgoing.pk), lambda _d, _t: None) is None
    assert deciding.route_letter_work(str(outgoing.pk), lambda _d, _t: None) is None
    assert not reading.tray(amina).exists()


def test_a_new_sender_is_filled_with_all_that_is_sure_of_them(
    bare: Letter, register_is_clean: Callable[[], None]
) -> None:
    facts = Understanding(
        (
            suggested("sender", "Driss Alami"),
            suggested("sender_organisation", "Syndic Al Amal"),
            suggested("sender_email", "syndic@amal.example"),
            suggested("sender_phone", "05 23 00 00 31"),
            suggested("sender_address", "12, rue des Roses", sure=False),
        ),
        "m1",
    )
    save_understanding(str(bare.pk), facts)
    sender = Letter.objects.get(pk=bare.pk).sender
    assert sender is not None
    assert (sender.name, sender.organisation) == ("Driss Alami", "Syndic Al Amal")
    assert (sender.email, sender.phone) == ("syndic@amal.example", "05 23 00 00 31")
    assert sender.address == ""
    register_is_clean()


def test_an_organisation_that_writes_itself_is_named_once_and_a_broken_address_is_left_out(
    bare: Letter,
) -> None:
    facts = Understanding(
        (
            suggested("sender", "SYNDIC Al Amal"),
            suggested("sender_organisation", "Syndic al Amal"),
            suggested("sender_email", "syndic@amal"),
        ),
        "m1",
    )
    save_understanding(str(bare.pk), facts)
    sender = Letter.objects.get(pk=bare.pk).sender
    assert sender is not None
    assert (sender.shown_name, sender.email) == ("SYNDIC Al Amal", "")


def test_how_one_reaches_somebody_unknown_makes_no_sender(bare: Letter) -> None:
    save_understanding(
        str(bare.pk), Understanding((suggested("sender_phone", "05 23 00 00 31"),), "m1")
    )
    assert Letter.objects.get(pk=bare.pk).sender is None


def test_a_person_who_writes_for_a_body_is_named_beside_it(bare: Letter) -> None:
    read = Understanding(
        (
            suggested("sender", "Syndicat Al Amal"),
            suggested("sender_organisation", "Syndicat Al Amal"),
            suggested("sender_person", "Khadija Bennani"),
        ),
        "m1",
    )

    save_understanding(str(bare.pk), person_and_body(read))

    sender = Letter.objects.get(pk=bare.pk).sender
    assert sender
    assert (sender.name, sender.organisation) == ("Khadija Bennani", "Syndicat Al Amal")


def test_a_body_for_which_nobody_signs_stays_the_sender(bare: Letter) -> None:
    read = Understanding((suggested("sender", "Syndicat Al Amal"),), "m1")

    assert person_and_body(read) == read
