"""The language of a page, also when it is short, mixed or badly read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.detect import detect_language, script_share

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Monsieur le Directeur, j'ai l'honneur de vous soumettre ma réclamation", "fr"),
        ("coupure electrique", "fr"),
        ("Vcuillcz trouvcr ci-joint notrc facturc", "fr"),
        ("facture", "fr"),
        ("Please find enclosed our invoice for the meter", "en"),
        ("water leak", "en"),
        ("Plcase fnd thc mctcr rcading of thls month", "en"),
        ("شكاية بخصوص انقطاع الماء", "ar"),
        ("شكاية بخصوص الفاتورة رقم 12 facture", "ar"),
        ("Régie autonome — facture d'eau numéro 12 الماء", "fr"),
        ("12345 / 67", ""),
        ("", ""),
    ],
)
def test_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.text())
def test_a_text_without_letters_of_the_three_has_no_language(text: str) -> None:
    language = detect_language(text)
    assert language in ("ar", "fr", "en", "")
    assert 0.0 <= script_share(text) <= 1.0
    assert (language == "ar") == (script_share(text) >= 0.5)


def _truths(folder: str) -> list[str]:
    return [path.read_text("utf-8", errors="replace") for path in (CORPUS / folder).rglob("*.txt")]


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus of real pages at {CORPUS}")
@pytest.mark.parametrize(
    ("folder", "language"),
    [("fr-typed-tapuscorpus", "fr"), ("en-letters-stanford1905", "en"), ("ar-admin-morocco", "ar")],
)
def test_real_pages_are_told_apart(folder: str, language: str) -> None:
    texts = [text for text in _truths(folder) if len(text) > 100]
    if not texts:
        pytest.skip(f"no true texts in {folder}")
    right = sum(detect_language(text) == language for text in texts)
    assert right >= 0.95 * len(texts)
