"""Terms, urgency and sums are read as they are written, in three languages and any digits."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.counts import COUNTS, count_of
from understanding.facts.amounts import find_amounts
from understanding.facts.terms import find_deadline, find_urgency

WRITTEN = datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Veuillez nous répondre sous 15 jours.", 15),
        ("régler dans un délai de huit (8) jours à compter de la réception", 8),
        ("Nous vous prions d'intervenir sous quarante-huit heures", 2),
        ("À défaut de réponse sous huitaine", 8),
        ("dans un délai d'un mois", 30),
        ("المرجو الجواب داخل أجل ثمانية أيام", 8),
        ("المرجو الجواب داخل أجل ٨ أيام", 8),
        ("تسوية وضعيتكم في أجل لا يتجاوز 15 يوماً", 15),
        ("داخل أجل خمسة عشر يوماً من التوصل", 15),
        ("موافاتنا بالوثائق داخل أجل أقصاه شهر", 30),
        ("Please reply within 10 days", 10),
    ],
)
def test_a_term_is_counted_in_days(text: str, days: int) -> None:
    term = find_deadline(text)
    assert term is not None
    assert (term.days, term.date) == (days, None)
    assert term.words in text
    assert term.score >= 0.5


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("merci de répondre avant le 30 juin 2026", (2026, 6, 30)),
        ("merci de répondre avant le 30 juin", (2026, 6, 30)),
        ("au plus tard le vendredi 2 janvier", (2027, 1, 2)),
        ("المرجو الرد قبل 15 يونيو 2026", (2026, 6, 15)),
        ("no later than 5 May 2026", (2026, 5, 5)),
    ],
)
def test_a_last_day_is_that_day_or_the_next_of_its_name(text: str, day: tuple[int, ...]) -> None:
    term = find_deadline(text, written=WRITTEN)
    assert term is not None
    assert term.date == datetime.date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "Sans eau depuis 15 jours.",
        "منذ ثلاثة أيام والماء مقطوع",
        "facture du 3 mars 2026",
        "since 5 days",
    ],
)
def test_what_lasted_or_was_is_no_term(text: str) -> None:
    term = find_deadline(text, written=WRITTEN)
    assert term is None or term.score < 0.5


def test_a_letter_that_presses_says_so() -> None:
    assert find_urgency("Intervention URGENTE s.v.p.") == ("URGENTE", 0.85)
    assert find_urgency("طلب مستعجل جدا") == ("مستعجل", 0.85)
    assert find_urgency("Bonjour, voici ma facture.") is None


def test_every_written_count_is_read_whole_in_a_french_or_arabic_term() -> None:
    read = {words: find_deadline(f"répondre sous {words} jours") for words in COUNTS}
    wrong = {
        words: term for words, term in read.items() if not term or term.days != count_of(words)
    }
    assert wrong == {}
    assert len(read) > 800


@given(st.decimals(min_value=1, max_value=9_999_999, places=2))
def test_every_sum_comes_back_from_french_arabic_and_english_figures(
    value: Decimal,
) -> None:
    french = f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",")
    english = f"{value:,.2f}"
    plain = f"{value:.2f}"
    eastern = plain.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))
    for text in (f"{french} DH", f"MAD {english}", f"{plain} dirhams", f"{eastern} درهم"):
        assert [(one.value, one.currency) for one in find_amounts(text)] == [(value, "MAD")]


@given(st.text(max_size=300))
def test_any_text_is_safe(text: str) -> None:
    find_amounts(text)
    find_deadline(text, written=WRITTEN)
    find_urgency(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Merci de transmettre le tableau pour le 21 août au plus tard.", "2026-08-21"),
        ("توجه الجرود قبل متم سنة 2026 إلى المصلحة", "2026-12-31"),
        ("Veuillez répondre avant fin septembre.", "2026-09-30"),
        (
            "المطلوب منكم الحضور بالجلسة التي ستعقد يوم الثلاثاء 15 شتنبر 2026 على الساعة التاسعة",
            "2026-09-15",
        ),
    ],
)
def test_the_end_of_a_month_and_the_day_of_a_hearing_are_terms(text: str, day: str) -> None:
    term = find_deadline(text, written=datetime.date(2026, 8, 1))
    assert term is not None
    assert term.date == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("المرجو الجواب خلال خمسة وأربعين يوما", 45),
        ("nous vous prions de répondre, sous vingt et un jours", 21),
        ("لذا أرجو التدخل في أجل لا يتعدى\n48 ساعة لإصلاح العطب", 2),
        ("Prière de la délivrer sous cinq jours ouvrables", 5),
    ],
)
def test_a_term_is_read_over_the_end_of_a_line_and_in_compound_counts(text: str, days: int) -> None:
    term = find_deadline(text)
    assert term is not None
    assert term.days == days


@pytest.mark.parametrize(
    "text",
    [
        "Nous nous engageons à exécuter l'étude dans un délai de neuf mois.",
        "The proposal is valid until 31 May 2026.",
    ],
)
def test_what_the_writer_offers_is_no_term_for_us(text: str) -> None:
    term = find_deadline(text, written=datetime.date(2026, 4, 1))
    assert term is None or term.score < 0.5
