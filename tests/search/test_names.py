"""Which spellings of a name meet by their keys, and which clearly different names do not."""

import itertools

import pytest

from language.tokens import tokenize
from search.analysis.name_terms import name_terms, names_in_text, query_name_terms
from search.query.parsing import parse
from search.query.words import Name, Party, Word

APART = [
    ["عبد الله", "عبد الإله", "عبد العالي", "عبد الحق", "عبد الحي", "عبد القادر", "عبد السلام"],
    ["Abdellah", "Abdelilah", "Abdelali", "Abdelhak", "Abdelhay", "Abdelkader", "Abdeslam"],
    ["بنعبد الله", "بنعبد القادر", "بن عبد السلام", "عبد الله", "بنعلي", "عبد القادر"],
    ["Benabdellah", "Benabdelkader", "Benabdeslam", "Abdellah", "Benali", "Abdelkader"],
    ["نور الدين", "بدر الدين", "جمال الدين", "سعد الدين", "صلاح الدين", "عز الدين"],
    ["Noureddine", "Badreddine", "Jamaleddine", "Saadeddine", "Salaheddine", "Azzeddine"],
    ["بنموسى", "بنعيسى", "بنجلون", "بنكيران"],
    ["العبدلاوي", "عبد العالي", "العلوي", "العبدي"],
    ["Najat", "Najia", "Najib", "Naji"],
]


@pytest.mark.parametrize("names", APART, ids=lambda names: names[0])
def test_different_names_share_no_key(names: list[str]) -> None:
    for one, other in itertools.permutations(names, 2):
        assert not query_name_terms(one) & name_terms(other), (one, other)


def test_of_two_given_names_the_index_has_each_and_a_query_only_both() -> None:
    assert query_name_terms("Fatima") <= name_terms("فاطمة الزهراء العلوي")
    assert query_name_terms("الزهراء") <= name_terms("Fatimazahra El Alaoui")
    assert not query_name_terms("Fatima Zahra") & name_terms("فاطمة العلوي")
    assert not query_name_terms("Jamaleddine") & name_terms("جمال الريفي")


def test_a_name_in_one_word_or_several_has_the_same_place_in_a_text() -> None:
    text = "توصلنا بطلب السيد نور الدين أمزيان"
    listed = names_in_text(text, list(tokenize(text)))
    (word,) = parse("نورالدين").must
    assert isinstance(word, Word)
    assert listed & set(word.listed_names)


def test_words_of_one_name_are_one_clause() -> None:
    def read(typed: str) -> list[str]:
        return [
            "+".join(word.text for word in clause.words)
            if isinstance(clause, Name)
            else clause.text
            for clause in parse(typed).must
            if isinstance(clause, Name | Word)
        ]

    assert read("Mme Fatima ez-Zahra el Alaoui") == ["fatima+zahra", "alaoui"]
    assert read("محمد بن عبد الله") == ["محمد", "بن+عبد+الله"]
    assert read("nour ed-dine facture") == ["nour+dine", "facture"]
    assert read("Docteur Lamrani") == ["docteur+lamrani"]
    assert read("docteur Karim Lamrani") == ["karim", "lamrani"]
    assert read("Moulay Ismail Alaoui") == ["moulay+ismail", "alaoui"]
    assert read("boulevard Moulay Youssef") == ["boulevard", "moulay", "youssef"]
    assert read("facture ou devis") == ["facture", "devis"]
    assert read("Mme Mr Dr") == ["dr"]
    assert read("Dr 12") == ["dr", "12"]


def test_a_field_takes_one_name_with_its_title() -> None:
    def read(typed: str) -> tuple[list[str], int]:
        party, *others = parse(typed).must
        assert isinstance(party, Party)
        return [word.text for word in party.words], len(others)

    assert read("de:Mme Cherkaoui fuite") == (["cherkaoui"], 1)
    assert read("de:Fatima Zahra El Idrissi") == (["fatimazahra"], 1)
    assert read("من:عبد الحق مكوار") == (["عبدالحق"], 1)
    assert read('de:"M. Ben Kirane"') == (["benkirane"], 0)
    assert read("de:Mme") == (["mme"], 0)
    assert read("de:Oliver Brandt") == (["oliver"], 1)
    assert read("de:commune de Sidi Bennour") == (["commune"], 2)
