"""A clerk's word stands above the machine's; old and new values stay in the register."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from org.models import User
from registry.changes import history_of
from registry.corrections import BadCorrectionError, correct_letter
from registry.intake import PartyData
from registry.kinds import RegistryEvent
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.check import decisions
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.suggestions import Suggestion
from tests.factories import deposit, kind

pytestmark = pytest.mark.django_db


def test_old_and_new_values_stay_in_the_history(
    letter: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    decisions.correct(
        letter,
        actor=amina,
        changes={
            "subject": "Fuite\u202e rue des Roses",
            "kind": kind("complaint_technical"),
            "document_date": date(2026, 3, 1),
            "external_reference": "N° 12/2026",
            "confidentiality": 0,
            "language": "fr",
        },
        sender=PartyData("sender", name="Mme Alaoui", email="alaoui@example.org"),
    )
    event = history_of(letter.pk)[-1]
    assert event.kind == RegistryEvent.CORRECTED
    assert event.data["subject"] == ["Fuite d'eau rue des Orangers", "Fuite rue des Roses"]
    assert event.data["kind"] == [None, "complaint_technical"]
    assert event.data["document_date"] == [None, "2026-03-01"]
    assert event.data["sender"] == ["Client d'essai", "Mme Alaoui"]
    assert "confidentiality" not in event.data
    assert Letter.objects.get(pk=letter.pk).sender.email == "alaoui@example.org"  # type: ignore[union-attr]
    register_is_clean()


def test_what_stands_already_writes_nothing(letter: Letter, amina: User) -> None:
    changes = {"subject": letter.subject, "kind": None}
    assert correct_letter(letter, actor=amina, changes=changes) is None
    assert Letter.objects.get(pk=letter.pk).version == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "request"),
        ("document_date", "2026-03-01"),
        ("confidentiality", 3),
        ("language", "de"),
        ("subject", None),
        ("number", "2026/IN/000009"),
        ("tracking_hash", "x"),
    ],
)
def test_an_unusable_value_or_another_column_is_refused(
    letter: Letter, amina: User, name: str, value: Any
) -> None:
    with pytest.raises(BadCorrectionError) as refused:
        correct_letter(letter, actor=amina, changes={name: value, "external_reference": "R 1"})
    assert refused.value.refusal.name == name
    assert Letter.objects.get(pk=letter.pk).external_reference == ""


def test_a_sender_may_be_known_by_a_telephone_alone(
    amina: User, register_is_clean: Callable[[], None]
) -> None:
    letter = deposit(actor=amina, sender="").letter
    correct_letter(letter, actor=amina, changes={}, sender=PartyData("sender", phone="0612345678"))
    sender = Letter.objects.get(pk=letter.pk).sender
    assert sender is not None
    assert (sender.name, sender.phone) == ("", "0612345678")
    register_is_clean()


def test_a_wrongly_read_sender_can_be_emptied(
    letter: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    event = correct_letter(letter, actor=amina, changes={}, sender=PartyData("sender", name=" "))
    assert event is not None
    assert event.data["sender"] == ["Client d'essai", ""]
    sender = Letter.objects.get(pk=letter.pk).sender
    assert sender is not None
    assert sender.shown_name == ""
    register_is_clean()


def test_nothing_known_of_a_sender_writes_nothing(amina: User) -> None:
    letter = deposit(actor=amina, sender="").letter
    nobody = PartyData("sender", name=" ")
    assert correct_letter(letter, actor=amina, changes={}, sender=nobody) is None
    assert Letter.objects.get(pk=letter.pk).sender is None


def test_a_voided_letter_is_not_corrected(letter: Letter, amina: User, direction: User) -> None:
    from registry.book.voiding import approve_void, ask_to_void

    approve_void(ask_to_void(letter, actor=amina, reason="Doublon"), actor=direction)
    with pytest.raises(ConflictError):
        correct_letter(letter, actor=amina, changes={"subject": "Autre"})


def test_a_corrected_kind_moves_the_due_date_of_letter_and_assignment(
    rules: None, assigned: Assignment, amina: User, register_is_clean: Callable[[], None]
) -> None:
    letter = assigned.letter
    assert letter.due_on is None
    decisions.decide_suggestion(letter, actor=amina, values={"kind": "request"})
    first = Letter.objects.get(pk=letter.pk).due_on
    assert first is not None
    assert Assignment.objects.get(pk=assigned.pk).due_on == first
    assert letter.due_explained["days"] == 60
    decisions.decide_suggestion(letter, actor=amina, values={"kind": "enquiry"})
    assert letter.due_explained["unit"] == "working"
    decisions.decide_suggestion(letter, actor=amina, values={"kind": "other"})
    assert (letter.due_on, letter.due_explained) == (None, {})
    register_is_clean()


def test_accepted_and_corrected_suggestions_are_told_apart(letter: Letter, amina: User) -> None:
    from django.db import transaction

    from registry.changes import record_change

    with transaction.atomic():
        rows = [
            Suggestion.objects.create(letter=letter, field=field, value=value, score=0.5)
            for field, value in [
                ("kind", "request"), ("department", "EAU"), ("sender", "Client d'essai"),
            ]
        ]  # fmt: skip
        record_change(letter, RoutingEvent.UNDERSTOOD, actor=None, rows=rows)
    decisions.decide_suggestion(
        letter, actor=amina, values={"kind": "request", "department": "ASS", "sender": "M. Tahiri"}
    )
    decided = dict(Suggestion.objects.values_list("field", "decision"))
    assert decided == {"kind": "accepted", "department": "corrected", "sender": "corrected"}
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.kind == kind("request")
    assert letter.department is None
    assert letter.sender is not None
    assert letter.sender.name == "M. Tahiri"


@pytest.mark.parametrize(
    "values", [{"kind": "nonsense"}, {"document_date": "hier"}, {"stage": "closed"}]
)
def test_a_decision_that_says_nothing_usable_is_refused(
    letter: Letter, amina: User, values: dict[str, str]
) -> None:
    with pytest.raises(BadCorrectionError):
        decisions.decide_suggestion(letter, actor=amina, values=values)
