"""Forms of a word that must meet, and words that must not."""

import pytest
import snowballstemmer
import Stemmer
from hypothesis import given
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.french_stemmer import FrenchStemmer

from language.arabic_nouns import NOUNS, PLURALS
from language.arabic_words import BROKEN_PLURALS
from language.fold import fold
from language.stems import (
    Meeting,
    asked_forms,
    index_stems,
    indexed_forms,
    query_stems,
    stem,
)


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


FRENCH = [
    "abonné abonnée abonnés abonnées ABONNEES",
    "cassé cassée cassees casser",
    "fermé fermée",
    "bouché bouchée",
    "décédé décédée décès",
    "élevé élevée",
    "payé payée payer",
    "levé levée lever",
    "tuyau tuyaux",
    "travail travaux",
    "bail baux",
    "public publique publics publiques",
    "neuf neuve neuves",
    "veuf veuve",
    "nouveau nouvelle nouveaux nouvelles",
    "vieux vieille",
    "gros grosse",
    "époux épouse",
    "directeur directrice directrices",
    "électricité électrique",
    "vérifier vérification vérifié vérifiée",
    "notifier notification",
]


@pytest.mark.parametrize("forms", FRENCH)
def test_french_forms_meet_without_their_accents(forms: str) -> None:
    first, *others = forms.split()
    for other in others:
        assert set(asked_forms(fold(first))) & set(indexed_forms(fold(other))), other
        assert set(asked_forms(fold(other))) & set(indexed_forms(fold(first))), other
        assert all(Meeting({found})(fold(other)) for found in indexed_forms(fold(other)))


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("tranchée", "tranche"),
        ("cheminée", "chemin"),
        ("contrée", "contre"),
        ("données", "don"),
        ("année", "ans"),
        ("matrice", "mateur"),
    ],
)
def test_nouns_on_ee_are_no_participles(query: str, written: str) -> None:
    assert not set(asked_forms(fold(query))) & set(indexed_forms(fold(written)))


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


@given(st.text(min_size=1, max_size=20) | st.text(alphabet="ابتجحدرسعفقكلمنهويةىأء", min_size=1))
def test_the_look_at_letters_misses_no_stem_of_a_word(text: str) -> None:
    word = fold(text)
    assert all(Meeting({found})(word) for found in indexed_forms(word))


def test_the_look_at_letters_misses_no_known_noun() -> None:
    for word in {*NOUNS, *PLURALS, *BROKEN_PLURALS}:
        assert all(Meeting({found})(word) for found in indexed_forms(word)), word


DECLINED = {
    "فاتورة": "وبالفواتير فاتورتي فواتيركم وفاتورة كفاتورة لفاتورة بفاتورتي وفواتيرهم",
    "عداد": "عدّاداتهم بعدادات لعدادي وعدادي وللعدادات بعدادنا عدادين",
    "مشترك": "للمشتركين ومشتركو مشتركينا بالمشتركين والمشتركات",
    "رخصة": "برخصة رخصتنا رخص للرخص",
    "طلب": "طلبي طلبكم بطلب لطلبي طلبنا وطلب طلبا والطلبات",
    "عقد": "بعقد لعقد عقدي عقدكم عقود",
    "صفقة": "صفقتنا لصفقة الصفقات",
    "شركة": "شركتكم وشركتنا بشركة شركات",
    "دين": "ديوني بديون الديون",
    "موظف": "موظفو موظفيكم للموظفين",
    "ملف": "ملفكم بملفي وملفي",
    "منزل": "بمنزلي لمنزلي منازلنا",
    "زبون": "زبنائكم زبائن للزبناء",
    "وثيقة": "وثائقي بوثائق",
    "ربط": "ربطي ربطنا بربط",
    "نسخة": "نسختين نسختان بنسخة",
    "قراءة": "بقراءة قراءاتي لقراءة",
    "أضرار": "بأضرار أضرارا",
    "مبلغ": "مبلغا مبلغها مبالغ",
    "مجلس": "المجالس",
}


@pytest.mark.parametrize("noun", DECLINED)
def test_a_declined_noun_is_found_by_the_noun_and_finds_it(noun: str) -> None:
    for form in DECLINED[noun].split():
        assert set(asked_forms(noun)) & set(indexed_forms(form)), form
        assert set(asked_forms(form)) & set(indexed_forms(noun)), form
        assert all(Meeting({found})(fold(form)) for found in indexed_forms(form)), form


@pytest.mark.parametrize(
    ("query", "written"),
    [("كامل", "أمل"), ("بلدية", "لدى"), ("بريد", "ريد"), ("كهرباء", "هرب"), ("إجراءات", "أجير")],
)
def test_a_known_noun_is_no_other_noun(query: str, written: str) -> None:
    assert not set(asked_forms(query)) & set(indexed_forms(written))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=20))
def test_the_stems_are_the_same_with_and_without_c(word: str) -> None:
    # An index that was made on a machine without PyStemmer is asked on one that has it.
    for language, plain in (("french", FrenchStemmer()), ("english", EnglishStemmer())):
        assert snowballstemmer.stemmer(language).stemWord(word) == plain.stemWord(word)


def test_the_stemmer_of_c_is_the_one_taken() -> None:
    assert isinstance(snowballstemmer.stemmer("french"), Stemmer.Stemmer)
