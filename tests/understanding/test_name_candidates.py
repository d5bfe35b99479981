"""Which pieces of a letter are weighed as its writer's name, and by which marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.fold import fold
from understanding.facts.chosen_names import Choice, body_choice, describe, person_choice
from understanding.facts.office_nouns import nouns_of
from understanding.facts.quoted_mail import without_quoted
from understanding.facts.sender import set_right
from understanding.facts.sender_rules import Sender
from understanding.facts.subject_dates import Fact

TEXT = "Nous vous demandons de bien vouloir contrôler la conduite de notre rue cette semaine."


def bodies(text: str, rule: Fact | None = None) -> Choice:
    return body_choice(describe(text), rule, "")


def persons(text: str, rule: Fact | None = None) -> Choice:
    return person_choice(describe(text), rule)


def values(choice: Choice) -> list[str]:
    return [one.value for one in choice.candidates]


def marks(choice: Choice, value: str) -> frozenset[str]:
    return frozenset().union(*(one.marks for one in choice.candidates if one.value == value))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"COOPÉRATIVE « RIF VERT » — huile d'olive — agrément 77\n{TEXT}",
         "COOPÉRATIVE « RIF VERT"),
        ("يتشرف النادي الرياضي «نسور الغرب» بدعوتكم إلى حفله السنوي يوم السبت بالقاعة المغطاة",
         "النادي الرياضي «نسور الغرب»"),
        ("Good day,\nOakfield Bay Academy is opening a new wing and needs more power this year.",
         "Oakfield Bay Academy"),
    ],
)  # fmt: skip
def test_a_body_is_weighed_with_the_name_in_its_quotation_marks_and_as_a_subject(
    text: str, name: str
) -> None:
    assert name in values(bodies(text))


def test_a_legal_form_alone_is_no_body() -> None:
    found = values(bodies(f"Promotion Al Wahda - SARL\n{TEXT}"))
    assert "SARL" not in found
    assert "Promotion Al Wahda" in found


def test_a_noun_of_kin_or_rank_before_a_given_name_is_left_out_of_one_candidate() -> None:
    found = values(persons(f"{TEXT}\nوالسلام\nالمواطنة نزهة الزروالي"))
    assert "نزهة الزروالي" in found


def test_a_name_is_not_shortened_to_the_father_s() -> None:
    found = values(persons(f"{TEXT}\nوالسلام\nاحساين بن بوشعيب الورياغلي"))
    assert "احساين بن بوشعيب الورياغلي" in found
    assert "بوشعيب الورياغلي" not in found


@pytest.mark.parametrize(
    ("foot", "name"),
    [("Tom", "Tom"), ("LAMRANI-TAZI", "LAMRANI-TAZI"), ("Rabat", None), ("Directeur", None)],
)
def test_one_word_at_the_foot_may_be_a_name(foot: str, name: str | None) -> None:
    found = values(persons(f"Bonjour,\n{TEXT}\nCordialement\n{foot}"))
    assert (foot in found) == (name is not None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pas de courant depuis 17h hay salam svp urgent c mme hafsa rami", "hafsa rami"),
        ("Mon nom ne vous dira rien : Evrard Kouame-Toure, locataire depuis septembre de "
         "l'appartement du troisième étage, où l'eau sort marron chaque matin.",
         "Evrard Kouame-Toure"),
        ("المشتكي هو لعربي السوسي الزموري الله يرحم الوالدين", "لعربي السوسي الزموري"),
    ],
)  # fmt: skip
def test_names_without_capitals_or_behind_words_of_introduction_are_weighed(
    text: str, name: str
) -> None:
    assert name in values(persons(text))


def test_a_name_does_not_run_on_into_the_office_in_which_somebody_speaks() -> None:
    found = values(
        persons("أنا الموقع أسفله سعيد المباركي بصفتي رئيس ودادية السكان، أطلب منكم الإصلاح.")
    )
    assert "سعيد المباركي" in found
    assert not any("بصفتي" in one for one in found)


def test_a_mail_s_sender_is_not_joined_with_its_addressee() -> None:
    text = f"De : Coopérative Al Amal <coop@exemple.ma>\nÀ : contact@exemple.org\n{TEXT}"
    assert not any("contact" in one for one in values(bodies(text)))


@pytest.mark.parametrize("name", ["Mohammed VI", "الحسن الثاني", "مولاي عبد"])
def test_names_of_streets_and_cut_names_are_nobody_s(name: str) -> None:
    assert name not in values(persons(f"{TEXT}\nفي الجديدة\n{name}"))


def test_an_office_under_the_letter_tells_what_its_body_is_called() -> None:
    text = f"PROVINCE DE BENI AMIR\nCOMMUNE D'AIN ZOHRA\n{TEXT}\nLe Gouverneur\nNabil Rami"
    choice = bodies(text)
    assert "fits" in marks(choice, "PROVINCE DE BENI AMIR")
    assert "fits_not" in marks(choice, "COMMUNE D'AIN ZOHRA")


@pytest.mark.parametrize(
    ("office", "body"),
    [
        ("le gerant", "societe atlas"),
        ("la presidente", "association annour"),
        ("عامل اقليم سطات", "عماله اقليم سطات"),
        ("وكيل الملك", "المحكمه الابتداييه"),
        ("notaire", "etude de maitre rami"),
        ("رييسه الجمعيه", "جمعيه الامل"),
    ],
)
def test_offices_belong_to_bodies(office: str, body: str) -> None:
    assert any(noun.match(fold(body)) for noun in nouns_of(fold(office)))
    assert not any(noun.match("zone industrielle") for noun in nouns_of(fold(office)))


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("Établissement public à caractère culturel", "sort:legal"),
        ("Établissement public à caractère culturel", "common"),
        ("شركة ذات مسؤولية محدودة من شريك واحد", "sort:legal"),
        ("Boîte à idées du quartier", "paper"),
        ("OUEST HOSTING", "trade"),
        ("Terrassements Ould Brahim", "trade"),
    ],
)
def test_a_line_is_told_for_a_description_a_paper_or_a_business(line: str, mark: str) -> None:
    assert mark in marks(bodies(f"{line}\nTanger\n{TEXT}\nNabil Rami"), line)


@pytest.mark.parametrize(
    ("text", "name", "mark"),
    [
        (f"{TEXT}\nHicham Zeroual, 12/04/2026 - registre 22", "Hicham Zeroual", "dated"),
        (f"Douar Hicham Zeroual\n{TEXT}\nHicham Zeroual", "Hicham Zeroual", "place"),
        (f"Affaire suivie par Mme Mouna Kadiri\n{TEXT}", "Mme Mouna Kadiri", "handles"),
        (f"{TEXT}\nبإشراف أستاذتهم فدوى الزموري", "بإشراف أستاذتهم فدوى الزموري", "kin"),
    ],
)
def test_a_name_is_told_for_a_place_s_or_another_s(text: str, name: str, mark: str) -> None:
    assert mark in marks(persons(text), name)


def test_of_what_the_rules_propose_across_columns_the_first_is_meant() -> None:
    text = f"دار المسنين «الزيتون»          الوصي: التعاون الاجتماعي\n{TEXT}"
    line = " ".join(text.splitlines()[0].split())
    choice = bodies(text, Fact(line, 0.78, ("letterhead",), line))
    assert line not in values(choice)
    assert any("rule" in one.marks and "التعاون" not in one.value for one in choice.candidates)


def test_a_name_longer_than_what_the_rules_propose_says_so() -> None:
    text = "أنا أستاذ الرياضيات رضوان المسعودي الغربي، ساكن بالطابق الأول من عمارة الصنوبر."
    choice = persons(text, Fact("رضوان المسعودي", 0.62, ("declaration",), text))
    assert "rule" in marks(choice, "رضوان المسعودي")
    assert "rule_longer" in marks(choice, "رضوان المسعودي الغربي")
    assert "rule_shorter" in marks(choice, "رضوان")


def test_the_person_is_the_sender_where_rules_and_weights_agree_on_a_body_in_doubt() -> None:
    text = f"Direction des moyens\n{TEXT}\nLe chef de division\nNabil Rami"
    body = Fact("Direction des moyens", 0.7, ("letterhead",), "Direction des moyens")
    person = Fact("Nabil Rami", 0.6, ("signature",), "Nabil Rami")
    rules = Sender(body, person, None, body)
    sure: dict[str, dict[str, float]] = {"body": {"rule": 9.0}, "person": {"rule": 9.0}}
    assert set_right(text, rules, sure).main == body
    doubtful = {"body": {"rule": 0.1}, "person": {"rule": 9.0}}
    sender = set_right(text, rules, doubtful)
    assert sender.organisation == body
    assert sender.main == person


def test_a_body_in_doubt_that_has_the_person_s_name_stays_the_sender() -> None:
    text = f"مكتب الأستاذ عبد الغفور المسناوي\n{TEXT}\nعبد الغفور المسناوي"
    body = Fact(text.splitlines()[0], 0.7, ("letterhead",), text.splitlines()[0])
    person = Fact("عبد الغفور المسناوي", 0.6, ("signature",), "عبد الغفور المسناوي")
    doubtful = {"body": {"rule": 0.1}, "person": {"rule": 9.0}}
    assert set_right(text, Sender(body, person, None, body), doubtful).main == body


def test_a_mail_s_header_stays_the_sender() -> None:
    text = f"From: Nabil Rami <n.rami@example.org>\nSubject: fuite\n\n{TEXT}"
    header = Fact("Nabil Rami", 0.95, ("mail_header",), text.splitlines()[0])
    rules = Sender(None, header, None, header)
    assert set_right(text, rules, {"body": {"none": 9.0}, "person": {"rule": 9.0}}) == rules


def test_a_mail_that_only_its_header_stands_above_is_the_letter_and_not_what_it_answers() -> None:
    text = (
        "Sujet : RE: RE: branchement\n"
        "Le jeu. 16 avr. 2026 à 07:02, Salima <salima@example.org> a écrit :\n\n"
        "Toujours rien depuis janvier.\n\nSalima Fettah\n\n"
        "  | Le 2 avr. 2026, le guichet a écrit :\n  | Votre dossier est en cours. R. Bennani\n"
        "  |\n  |   | Le 30 mars 2026, Salima a écrit :\n  |   | Des nouvelles ? Karim Alaoui\n"
    )
    own = without_quoted(text)
    assert "Salima Fettah" in own
    assert "Bennani" not in own
    assert "Alaoui" not in own


_WORDS = st.sampled_from(
    ["Nabil", "Rami", "société", "«", "»", "Le gérant", "محمد", "بن", "المواطنة", "SARL", "\n", ",",
     "    ", "mme", "hafsa", "12/04/2026", "Objet :", "عبد", "Tom", "is", "Oak Bay"]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=40).map(" ".join))
def test_every_candidate_is_made_of_words_of_the_letter(text: str) -> None:
    words = set(re.findall(r"\w+", text))
    for choice in (persons(text), bodies(text)):
        for one in choice.candidates:
            assert set(re.findall(r"\w+", one.value)) <= words
