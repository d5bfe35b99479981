"""Texts are compared by what readers do not confuse, and found again by equal bands."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.agreement import agreement_of, without_added_lines
from language.shingles import PLACES, bands_of, shared, shingles_of, skeleton, sketch_of

FRENCH = (
    "Depuis trois semaines l'eau coule sous le trottoir devant ma porte et la cave du voisin est "
    "inondée. Je vous demande d'envoyer une équipe avant que le mur ne cède, contrat 4412907."
)
ARABIC = (
    "يشرفني أن أحيط سيادتكم علما أن القناة الرئيسية المارة أمام بيتي انفجرت صباح يوم السبت ومنذ "
    "ذلك الحين والماء يجري في الزنقة بلا انقطاع حتى تسرب إلى القبو وبلل الجدران"
)


def misread(text: str, *, seed: int, rate: float) -> str:
    alike = {"ت": "ث", "ن": "ب", "ج": "ح", "ز": "ر", "ق": "ف", "e": "c", "i": "l", "l": "1"}
    rng = random.Random(seed)
    return "".join(alike.get(sign, sign) if rng.random() < rate else sign for sign in text)


def test_what_readers_confuse_has_one_skeleton() -> None:
    for one, other in (("عين", "غيب"), ("bien", "b1en"), ("modern", "modem"), ("الحاج", "الخاح")):
        assert skeleton(one) == skeleton(other)
    assert skeleton("eau") != skeleton("gaz")


def test_confused_letters_change_a_sketch_little() -> None:
    for text in (FRENCH, ARABIC):
        again = sketch_of(misread(text, seed=1, rate=0.5))
        assert shared(sketch_of(text), again) > 0.7
        assert set(bands_of(sketch_of(text))) & set(bands_of(again))
    assert shared(sketch_of(FRENCH), sketch_of(ARABIC)) < 0.1


def test_spaces_and_breaks_do_not_count() -> None:
    assert sketch_of(FRENCH) == sketch_of(FRENCH.replace(" ", "\n\n"))


def test_a_short_text_has_no_sketch() -> None:
    assert sketch_of("Veuillez trouver ci-joint.") == ()
    assert shared((), ()) == 0.0
    assert list(bands_of(())) == []


def test_sketches_stay_what_is_stored_of_them() -> None:
    """Stored sketches are compared with new ones: neither constants nor folding may change."""
    sketch = sketch_of(FRENCH)
    assert len(sketch) == PLACES
    assert sketch[:3] == FIRST_PLACES


FIRST_PLACES = (31644930, 899993, 5621076)


@given(st.text(max_size=400))
def test_any_text_has_shingles_and_agrees_with_itself(text: str) -> None:
    assert all(0 <= one < 2**31 for one in shingles_of(text))
    found = agreement_of(text, text)
    assert found.share in {0.0, 1.0}
    assert (found.words, found.numbers) == (0, 0)


@given(st.text(max_size=200), st.text(max_size=200))
def test_agreement_is_a_share(one: str, other: str) -> None:
    found = agreement_of(one, other)
    assert 0.0 <= found.share <= 1.0
    assert min(found.words, found.numbers, found.same_numbers) >= 0


def test_a_misread_text_agrees_and_another_name_and_number_speak_against() -> None:
    form = "Je soussigné {} titulaire du contrat {} demande sa résiliation à compter du {} mai."
    one = form.format("Hassan Guerraoui", 5259450, 11)
    misread_one = form.format("Hasan Gucrraoui", 5259456, 11)
    other = form.format("Khadija Sebti", 7031188, 28)
    noise, another = agreement_of(one, misread_one), agreement_of(one, other)
    assert (noise.words, noise.numbers) == (0, 0)
    assert noise.share > 0.95
    assert another.numbers == 1
    assert another.words >= 2


def test_words_before_and_behind_do_not_speak_against() -> None:
    mail = f"De: a@example.org\nEnvoyé: 12 mars\n{FRENCH}\nEnvoyé de mon mobile"
    found = agreement_of(FRENCH, mail)
    assert (found.share, found.words, found.numbers, found.same_numbers) == (1.0, 0, 0, 1)


def test_a_mails_head_and_the_offices_stamp_are_no_part_of_the_letter() -> None:
    stamped = f"BUREAU D'ORDRE\n2026/IN/004180\n{FRENCH}"
    mailed = f"From: client7@example.org\nSubject: fuite\nDate: 3 Mar 2026\n\n{FRENCH}"
    found = agreement_of(stamped, mailed)
    assert (found.share, found.words, found.numbers) == (1.0, 0, 0)
    assert "2026/IN/004180" in without_added_lines(
        f"Vous nous avez écrit sous le n° 2026/IN/004180.\n{FRENCH}"
    )


@pytest.mark.parametrize("parted", ["9.399146", "9,399,146", "9399.146"])
def test_a_number_parted_by_the_reader_is_the_same_number(parted: str) -> None:
    agreement = agreement_of("contrat 9399146 du compteur", f"contrat {parted} du compteur")
    assert (agreement.same_numbers, agreement.numbers, agreement.words) == (1, 0, 0)
