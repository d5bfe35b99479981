"""A letter's own number by its place and form, where no label of it is known."""

from __future__ import annotations

import math

import pytest

from understanding.facts.chosen_names import choose
from understanding.facts.chosen_numbers import choose_number, learnt_weights, number_choice
from understanding.letters.understanding import understand_text

HEAD = "COMMUNE D'AIN LAHJAR\n{line}\nAin Lahjar, le 4 mai 2026\nMonsieur le Directeur,\n"
TEXT = "Nous vous prions de réparer la fuite du boulevard.\nLe Président\nDriss Belhaj"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Départ n° 118/BT/2026", "118/BT/2026"),
        ("302/BT/2026 : courrier", "302/BT/2026"),
        ("Enregistré sous 77/SG/26 au départ", "77/SG/26"),
    ],
)
def test_the_number_in_the_head_is_the_letters_own(line: str, value: str) -> None:
    text = HEAD.format(line=line) + TEXT
    found = understand_text(text, language="fr", model=None).best("external_reference")
    assert found
    assert found.value == value
    assert not found.sure


@pytest.mark.parametrize(
    "line",
    ["Tél. 0523 00 11 22", "Autorisation n° 218/09", "Contrat E-30917", "BP 118", "4 mai 2026"],
)
def test_other_numbers_are_not(line: str) -> None:
    assert choose_number(HEAD.format(line=line) + TEXT, body=True, others=()) is None


def test_numbers_known_to_be_others_are_no_candidates() -> None:
    text = HEAD.format(line="118/BT/2026") + TEXT
    assert [one.value for one in number_choice(text, body=True, others=()).candidates]
    assert not number_choice(text, body=True, others={"118/BT/2026"}).candidates


@pytest.mark.parametrize(
    "line",
    ["من: سنديك إقامة البستان حقصم.ء1[متمعءء©هعمصمصلة>", "De : Société Littoral lit0.r4l[xx.ma>"],
)
def test_an_address_of_a_mail_that_a_scan_misread_is_no_number(line: str) -> None:
    text = f"{line}\nالموضوع: رد: الأشغال\nلم يحضر أحد يوم الاثنين كما وعدتم.\nالسنديك"
    assert not number_choice(text, body=False, others=()).candidates


def test_what_is_chosen_does_not_depend_on_rules_drawn_with_tatweel() -> None:
    text = HEAD.format(line="Départ n° 118/BT/2026") + TEXT
    drawn = text.replace("\n", "\nـــــــــــ\n", 1)
    one, other = (choose_number(each, body=True, others=()) for each in (text, drawn))
    assert one
    assert one == other


def test_every_weight_is_a_number() -> None:
    weights = learnt_weights()
    assert len(weights) > 100
    assert all(math.isfinite(one) for one in weights.values())


def test_an_earlier_letter_of_the_senders_own_is_told_as_one() -> None:
    text = "Je reviens à mon courrier n° 44/AB/2026 resté sans réponse.\nSalutations, Ali Benali"
    found = understand_text(text, language="fr", model=None).best("answers_reference")
    assert found
    assert found.reasons == ("earlier_letter",)


def test_a_year_behind_a_month_is_no_number_of_the_letter() -> None:
    text = (
        "HÔTEL LE PHARE BLANC ****\nService Comptabilité\n\n"
        "Objet : contestation facture eau mars 2026\n\nMadame, Monsieur,\n\n"
        "Notre facture de mars s'établit à 4 812 m3 contre 1 950 m3 en moyenne, avec un taux "
        "d'occupation de 38\n%. Nous vous demandons un étalonnage du compteur et la suspension de "
        "tout recouvrement jusqu'au\nrésultat.\n\n"
        "La Directrice administrative et financière\n(signature illisible)\n\n"
        "Route de la plage - El Jadida - Tél O5 23 00 00 00 - contact@pharebl.exemple"
    )
    likeliest = choose(number_choice(text, body=True, others=()), learnt_weights())
    assert likeliest.candidate
    assert likeliest.candidate.value == "2026"
    assert choose_number(text, body=True, others=()) is None
