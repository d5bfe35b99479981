"""Forms of a word that must meet, and words that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.stems import index_stems, query_stems, stem


def meets(query: str, written: str) -> bool:
    return bool(set(query_stems(query)) & set(index_stems(written)))


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("شكاية", "الشكايات"),
        ("شكاية", "وشكايتنا"),
        ("شكاية", "شكايتهم"),
        ("الشكاية", "لشكايتي"),
        ("كهرباء", "والكهرباء"),
        ("كهربا", "بالكهرباء"),
        ("ماء", "للماء"),
        ("الماء", "مياه"),
        ("فاتورة", "الفواتير"),
        ("فواتير", "فاتورته"),
        ("وثيقة", "بالوثائق"),
        ("لجنة", "للجنة"),
        ("عداد", "العدادات"),
        ("عداد", "عدادي"),
        ("تاريخ", "بتاريخ"),
        ("موظف", "الموظفين"),
        ("facture", "factures"),
        ("réclamation", "reclamations"),
        ("raccordement", "RACCORDEMENTS"),
        ("invoice", "invoices"),
        ("connections", "connected"),
    ],
)
def test_forms_of_one_word_meet(query: str, written: str) -> None:
    assert meets(query, written)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("بلدية", "لدى"),  # its ب is its own
        ("لجنة", "جنة"),
        ("ماء", "ما"),
        ("قانون", "قان"),
        ("بريد", "ريد"),
        ("كهرباء", "هرب"),
        ("facture", "fracture"),
        ("eau", "beau"),
    ],
)
def test_other_words_do_not_meet(query: str, written: str) -> None:
    assert not meets(query, written)


def test_accents_make_no_other_stem() -> None:
    assert stem("réclamation", "fr") == stem("RECLAMATIONS", "fr")


@pytest.mark.parametrize("word", ["2026", "A12", "٢٠٢٦", "in2026"])
def test_numbers_are_never_stemmed(word: str) -> None:
    assert index_stems(word) == (stem(word, ""),)


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءةىأإآؤئ", min_size=1, max_size=14))
def test_an_arabic_word_always_finds_itself_and_keeps_two_letters(word: str) -> None:
    assert meets(word, word)
    assert all(len(found) >= min(2, len(word)) for found in index_stems(word))


@given(st.text(max_size=30), st.sampled_from(["ar", "fr", "en", ""]))
def test_any_text_has_a_stem(word: str, language: str) -> None:
    assert isinstance(stem(word, language), str)
    assert query_stems(word)[0] == index_stems(word)[0]
