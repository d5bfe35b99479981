"""Histories of the organisation say values in words, without a code of the program."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from org.models import LetterKind, OrgChange, User
from web.desk.administration.history import worded_changes

pytestmark = pytest.mark.django_db


def change(noun: str = "circuit", **after: Any) -> OrgChange:
    return OrgChange.objects.create(
        noun=noun, key="1", action="created", after=after, at=timezone.now()
    )


def said(language: str = "fr", **after: Any) -> str:
    """The value of the one field that is given, in a language, without signs of direction."""
    with override(language):
        [told] = worded_changes([change(**after)])
        [(_name, _before, value)] = told.values
    plain = value.translate({0x2066: None, 0x2067: None, 0x2068: None, 0x2069: None})
    return plain.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_steps_of_a_circuit_are_said_in_words(badr: User) -> None:
    line = "1:visa:head 1:visa:head_of:EAU 2:visa:person:badr 3:signature:director"
    assert said(steps=line) == (
        "1. Visa : Chef du service de la réponse · 1. Visa : Chef du service EAU"
        f" · 2. Visa : {badr.shown_name} · 3. Signature : Directeur"
    )
    assert "visa" not in said("ar", steps=line)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rights", "fetch, settle", "Consulter les factures, Lire les arrêtés de journée"),
        ("rights", "", "—"),
        ("most_a_payment", "2500.00", "2 500,00 DH"),
        ("fee_fixed", "0.50", "0,50 DH"),
        ("fee_rate", "1.250", "1,25 %"),
        ("fee_rate", "10.000", "10 %"),
        ("weekdays", "12345", "lundi, mardi, mercredi, jeudi, vendredi"),
        ("starts_on", "2026-12-01", "1er décembre 2026"),
        ("closed_on", "soon", "soon"),
        (
            "holiday",
            "2026-11-18 Fête de l’Indépendance",
            "18 novembre 2026 · Fête de l’Indépendance",
        ),
        ("purpose", {"ar": "أ", "fr": "Répondre", "en": ""}, "arabe : أ · français : Répondre"),
        ("departments", {"EAU": "head", "BO": "member"}, "BO : Membre · EAU : Responsable"),
        ("clock", "legal", "Légal"),
    ],
)
def test_a_value_is_said_in_words(field: str, value: Any, words: str) -> None:
    shown = said(**{field: value}) if value else value
    assert (shown or "—") == words


def test_kinds_and_people_are_called_by_their_names(badr: User) -> None:
    LetterKind.objects.create(
        code="grievance", name_ar="تظلم", name_fr="Recours", name_en="Grievance"
    )
    assert said(kind="grievance") == "Recours"
    assert said("ar", kind="grievance") == "تظلم"
    assert said(kind="gone") == "gone"
    assert said("ar", delegate="badr") == badr.shown_name
    assert said(members="badr, left") == f"{badr.shown_name}, left"


def test_many_changes_take_two_queries(badr: User) -> None:
    rows = [change(kind="complaint", delegate="badr") for _ in range(9)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        worded_changes(rows)
    assert len(queries) == 2
