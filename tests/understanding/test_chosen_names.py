"""Body and person chosen among all that a letter names, where the rules alone go wrong."""

from __future__ import annotations

import math

import pytest

from understanding.facts.chosen_names import (
    body_choice,
    choose,
    describe,
    learnt_weights,
    person_choice,
)
from understanding.facts.line_places import columns_of
from understanding.facts.sender import read_sender, set_right
from understanding.facts.sender_rules import Sender, read_by_rules
from understanding.facts.subject_dates import Fact

TWO_SCRIPTS = (
    "ROYAUME DU MAROC                         المملكة المغربية\n"
    "MINISTÈRE DE L'INTÉRIEUR                 وزارة الداخلية\n"
    "PROVINCE DE BERRECHID                    إقليم برشيد\n"
    "COMMUNE D'AIN LAHJAR                     جماعة عين الحجر\n"
    "N° : 302/BT/2026\n\nObjet : réunion de coordination\n\nMonsieur le Directeur,\n"
    "J'ai l'honneur de vous inviter à la réunion du 19 mai au siège de la commune.\n\n"
    "Le Président du Conseil Communal\nDriss Belhaj"
)


def test_a_head_in_two_columns_names_the_body_once() -> None:
    sender = read_sender(TWO_SCRIPTS)
    assert sender.organisation
    assert sender.organisation.value in ("COMMUNE D'AIN LAHJAR", "جماعة عين الحجر")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("شركة الساحل للبناء\nطريق مراكش\n\nعرض أثمان\nالعرض صالح لتسعين يوما.\n"
         "                    المسير المحجوب بنزروال", "المحجوب بنزروال"),
        ("Hello, I'm Perpetua Hartwell-Joyce. I bought a farmhouse near Azemmour and the seller "
         "says the water contract cannot be moved.\nSent on 2 May 2025", "Perpetua Hartwell-Joyce"),
    ],
)  # fmt: skip
def test_names_without_label_or_known_given_name_are_among_those_chosen_from(
    text: str, name: str
) -> None:
    choice = person_choice(describe(text), None)
    assert name in [one.value for one in choice.candidates]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("Réf 12/26\t\tSociété du Littoral SARL", "Société du Littoral SARL"),
        ("Marrakech\t\tClub Nahda", "Club Nahda"),
        ("Club Nahda\t\tMarrakech", "Club Nahda"),
        ("Marrakech\t\tLes Amis du Lac", "Les Amis du Lac"),
    ],
)
def test_of_several_columns_the_rules_propose_the_one_that_names_a_body(
    line: str, body: str
) -> None:
    text = f"{line}\nObjet : eau\n\nMonsieur le Directeur,\nNous vous prions de venir."
    words = " ".join(line.split())
    rule = Fact(words, 0.78, ("letterhead",), words)
    candidates = body_choice(describe(text), rule, "").candidates
    assert [one.value for one in candidates if "rule" in one.marks] == [body]


def test_tabs_side_by_side_part_no_empty_column() -> None:
    assert columns_of("Réf 12/26\t\tClub\t \tNahda") == {
        "Réf 12/26 Club Nahda": ["Réf 12/26", "Club", "Nahda"]
    }


LONG = "Nous demandons une intervention rapide de vos services dans notre rue. "


@pytest.mark.parametrize("words", [3, 6, 12])
def test_no_name_is_made_of_cut_words_or_across_what_is_left_out(words: int) -> None:
    for shift in range(0, 48, 3):
        text = f"Bonjour,\n{'e' * shift} {LONG * words}Fatima Zahraoui, {LONG * 3}"
        named = [one.value for one in person_choice(describe(text), None).candidates]
        assert set(named) <= {"Fatima Zahraoui"}
    text = f"Bonjour,\n{LONG * 3}Fatima Zahraoui, {LONG * words}Nabil Rami"
    named = [one.value for one in person_choice(describe(text), None).candidates]
    assert "Nabil Rami" in named
    assert set(named) <= {"Fatima Zahraoui", "Nabil Rami"}


def test_an_arabic_name_before_a_quotation_mark_ends_with_its_last_letter() -> None:
    text = "السلام عليكم\nأنا محمد بنعلي « الدوار » وعندي مشكل في العداد منذ شهر وأطلب التدخل"
    for one in person_choice(describe(text), None).candidates:
        assert one.value == one.value.strip()


def test_a_body_for_which_the_letter_says_it_speaks_stays_the_sender() -> None:
    """However likely the weights find another body, and the person."""
    text = (
        "Nous, société Littoral Marbre, vous demandons un branchement.\n"
        "Salutations distinguées.\nNabil Rami"
    )
    rules = read_by_rules(text)
    assert rules.organisation
    assert rules.organisation.reasons == ("declaration",)
    weights = {"body": {"none": 0.1}, "person": {"foot+given": 9.0}}
    unsigned = Sender(rules.organisation, main=rules.organisation)
    sender = set_right(text, unsigned, weights)
    assert sender.person
    assert sender.main == rules.organisation


def test_of_two_signatures_side_by_side_one_is_read() -> None:
    text = (
        "Banque du Littoral\nObjet : prélèvements rejetés\n\nMonsieur le Directeur,\n"
        "Les fichiers du 4 août ont été rejetés par notre système.\nSalutations distinguées.\n\n"
        "Le Directeur d'agence                     Le Responsable des opérations\n"
        "Anas Bennis                               Loubna Tazi"
    )
    person = read_sender(text).person
    assert person
    assert person.value in ("Anas Bennis", "Loubna Tazi")


def test_what_the_rules_do_not_propose_is_never_sure() -> None:
    organisation = set_right(TWO_SCRIPTS, Sender(), learnt_weights()).organisation
    assert organisation
    assert organisation.score < 0.7


def test_by_the_weight_of_the_rules_alone_their_answer_stands() -> None:
    alone: dict[str, dict[str, float]] = {"body": {"rule": 9.0}, "person": {"rule": 9.0}}
    rules = read_by_rules(TWO_SCRIPTS)
    assert set_right(TWO_SCRIPTS, rules, alone) == rules


@pytest.mark.parametrize("text", ["", "\n", "123", "Bonjour", "@@@ ::: …"])
def test_little_text_names_nobody_and_breaks_nothing(text: str) -> None:
    assert read_sender(text) == Sender()


def test_the_weights_are_finite_and_speak_of_marks_that_letters_have() -> None:
    weights = learnt_weights()
    assert all(map(math.isfinite, [*weights["body"].values(), *weights["person"].values()]))
    described = describe(TWO_SCRIPTS)
    choices = {"body": body_choice(described, None, ""), "person": person_choice(described, None)}
    for name, choice in choices.items():
        marks = frozenset().union(*(one.marks for one in choice.candidates), choice.nobody)
        assert len(marks & weights[name].keys()) > len(marks) / 2


def test_the_choice_is_likely_by_its_share_of_all_candidates() -> None:
    choice = person_choice(describe(TWO_SCRIPTS), None)
    even = choose(choice, {})
    assert even.likely == pytest.approx(1 / (len(choice.candidates) + 1))
