"""The classifier reads what a letter wants, and who writes; its frame is set aside."""

from __future__ import annotations

import pytest

from understanding.learning.frame import without_frame
from understanding.starting_set import starting_set
from understanding.starting_set.frames import framed, is_asked_framed

FRENCH = """STE MAZAGAN TRAVAUX SARL
12, rue des Orangers, El Jadida – Tél. 0523 34 11 22
RC 4410 – ICE 001122334455667
El Jadida, le 4 mars 2026
À Monsieur le Directeur général de la Régie autonome de distribution d'eau et d'électricité
Objet : tranchée ouverte devant notre dépôt
Monsieur le Directeur,
Vos équipes ont ouvert une tranchée devant notre dépôt et nos camions ne passent plus.
Nous demandons qu'elle soit remblayée cette semaine.
Veuillez agréer, Monsieur le Directeur, l'expression de nos salutations distinguées.
Le gérant
Rachid Bennani
P.J. :
- deux photographies"""
ARABIC = """خديجة التازي
رقم البطاقة الوطنية: M310157
العنوان: شارع الزرقطوني رقم 8، الجديدة
الجديدة في 3 أبريل 2026
إلى السيد المدير العام للوكالة المستقلة لتوزيع الماء والكهرباء
سلام تام بوجود مولانا الإمام، وبعد،
الموضوع: عداد الماء
توقف عداد منزلي عن الدوران منذ شهرين، وأخشى أن تصلني فاتورة مبنية على التقدير.
وتفضلوا بقبول خالص عبارات التقدير والاحترام.
خديجة التازي"""
ENGLISH = """From: Paul Harding <p.harding@example.com>
Date: Mon, 2 Nov 2026 at 21:17
To: <office@example.com>
Subject: Late invoice
Dear Sir or Madam,
We still wait for the payment of our August invoice.
Kind regards,
On 1 Nov 2026, the accounts office wrote:
> Your invoice has been received."""


def test_sender_and_subject_stay_with_what_a_french_letter_wants() -> None:
    assert without_frame(FRENCH).split("\n") == [
        "STE MAZAGAN TRAVAUX SARL",
        "Objet : tranchée ouverte devant notre dépôt",
        "Vos équipes ont ouvert une tranchée devant notre dépôt et nos camions ne passent plus.",
        "Nous demandons qu'elle soit remblayée cette semaine.",
        "Le gérant",
    ]


def test_head_and_closing_of_an_arabic_letter_are_set_aside() -> None:
    assert without_frame(ARABIC).split("\n") == [
        "الموضوع: عداد الماء",
        "توقف عداد منزلي عن الدوران منذ شهرين، وأخشى أن تصلني فاتورة مبنية على التقدير.",
    ]


def test_heads_of_mail_and_the_mail_that_it_answers_are_set_aside() -> None:
    assert without_frame(ENGLISH).split("\n") == [
        "Subject: Late invoice",
        "We still wait for the payment of our August invoice.",
    ]


@pytest.mark.parametrize("text", [
    "Bonjour,\nMerci d'avance,\nCordialement,\nRachid Bennani",
    "> Coupure d'eau depuis lundi\n> rue Ibn Khaldoun",
    "السلام عليكم\nوالسلام",
    "",
])  # fmt: skip
def test_where_nothing_would_be_left_the_whole_text_is_read(text: str) -> None:
    assert without_frame(text) == text


def test_an_addressee_who_tells_more_than_the_office_stays() -> None:
    matter = "Merci de me donner la suite réservée à mon dossier, déposé en janvier."
    for addressee in (
        "À l'attention du service des achats",
        "À l'attention personnelle du Directeur général",
        "إلى السيد رئيس مصلحة الكهرباء",
        "To the Tender Board",
    ):
        assert without_frame(f"{addressee}\n{matter}") == f"{addressee}\n{matter}"
    assert without_frame(f"À Monsieur le Directeur de la RADEEJ\n{matter}") == matter


def test_a_greeting_before_a_phrase_is_taken_off_and_the_phrase_stays() -> None:
    assert without_frame("Bonjour, ma facture de mars est trop élevée.") == (
        "ma facture de mars est trop élevée."
    )
    text = "Le Rotary Club vous invite à la remise du trophée, le 19 mai à vingt heures."
    assert without_frame(text) == text


def test_letters_of_the_starting_set_keep_what_they_want() -> None:
    """Bare letters lose little but quoted mails; most are within a frame what they are without."""
    letters = starting_set()[::6]
    for one in letters:
        left = sum(char.isalpha() for char in without_frame(one.text))
        own = [line for line in one.text.splitlines() if not line.startswith(">")]
        assert left > 0.6 * sum(char.isalpha() for char in "".join(own)), one.text
    same = [without_frame(framed(one)) == without_frame(one.text) for one in letters]
    assert sum(same) > 0.7 * len(letters)


def test_half_of_the_letters_are_asked_about_within_a_frame_always_the_same() -> None:
    letters = starting_set()
    chosen = [one for one in letters if is_asked_framed(one)]
    assert 0.45 * len(letters) < len(chosen) < 0.55 * len(letters)
    assert all(framed(one) == framed(one) and one.text in framed(one) for one in chosen)
