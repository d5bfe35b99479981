"""Finding services: by titles, dialect and misspelling; never a failure, whatever is typed."""

import json
from functools import cache
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from benches.services import searches, shipped_index
from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.finding import find_services
from eservices.catalogue.finding_index import Index
from eservices.catalogue.publishing import published, published_types, withdraw
from eservices.catalogue.spelling import Spelling, sound_of
from eservices.catalogue.thesaurus import thesaurus, words_of
from tests.eservices.office import content_of, published_type


@cache
def index() -> Index:
    return shipped_index()


def first(words: str, language: str = "fr") -> str:
    found = index().rank(words, language=language)
    return found[0][0] if found else ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("كونتور ما خدامش", "meter_check"),
        ("compteur bloque", "meter_check"),
        ("تسريب", "complaint_water"),
        ("الضو مقطوع", "complaint_electricity"),
        ("facur trop cher", "complaint_bill"),
        ("lma9to3", "complaint_water"),
        ("otorisation de travau", "works_permit"),
        ("loi 31.13", "information_request"),
        ("31/13", "information_request"),
        ("بغيت نقسط الدين", "instalments"),
        ("no water at home", "complaint_water"),
        ("pas d'eau depuis ce matin", "complaint_water"),
        ("ماكاينش الما من الصباح", "complaint_water"),
    ],
)
def test_dialect_and_misspelling_find_the_service(words: str, code: str) -> None:
    assert first(words) == code


@pytest.mark.parametrize("half", [0, 1])
def test_the_written_searches_find_the_right_service(half: int) -> None:
    rows = searches()[half::2]
    ranked = [[c for c, _ in index().rank(row.words, language=row.language)] for row in rows]
    hits = [
        next((n for n, c in enumerate(r) if c in row.codes), 99)
        for r, row in zip(ranked, rows, strict=True)
    ]
    assert sum(hit == 0 for hit in hits) / len(rows) >= 0.9
    assert sum(hit < 3 for hit in hits) / len(rows) >= 0.97


@pytest.mark.django_db
def test_each_title_finds_its_own_service_first_in_its_language() -> None:
    for one in published_types():
        for language in LANGUAGES:
            title = one.definition.title.in_(language)
            found = find_services(title, language=language)
            assert found[0].code == one.code, (title, found[:2])


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
@settings(max_examples=150)
def test_no_text_fails_and_scores_fall(words: str, language: str) -> None:
    scores = [score for _code, score in index().rank(words, language=language)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@given(st.text("abcdeilmnoprstuقكلمنوتدفبحطع379- '\u064b\u200f", max_size=60))
@settings(max_examples=150)
def test_words_that_look_like_ours_do_not_fail_either(words: str) -> None:
    index().rank(words, language="ar")


@pytest.mark.django_db
def test_an_edited_type_is_found_by_its_new_words_and_a_withdrawn_one_no_more() -> None:
    assert "complaint_water" not in [one.code for one in find_services("zalamite", language="fr")]
    content = content_of(synonyms={"ar": [], "fr": ["zalamite"], "en": []})
    published_type(content)
    assert find_services("zalamite", language="fr")[0].code == "complaint_water"
    found = published("complaint_water")
    assert found is not None
    withdraw(found.version, actor=None)
    assert "complaint_water" not in [one.code for one in find_services("zalamite", language="fr")]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "   ", "\0", "؟؟؟", "de la", "1"])
def test_what_says_nothing_finds_nothing(words: str) -> None:
    assert find_services(words, language="fr") == []


def test_words_are_folded_and_laws_are_one_word() -> None:
    assert words_of("L'Égout, loi 31.13") == ["egout", "loi", "31-13"]
    units = list(thesaurus().units("الضَّوّ مقطوع"))
    assert [unit.terms for unit in units] == [("=electricity",), ("=outage",)]


def test_likely_words_are_those_that_look_or_sound_alike() -> None:
    spelling = Spelling(["abonnement", "compteur", "facture", "lma", "9to3", "قسط"])
    assert next(iter(spelling.likely("abonemant"))) == "abonnement"
    assert next(iter(spelling.likely("kontour"))) == "compteur"
    assert next(iter(spelling.likely("نقسط"))) == "قسط"
    assert spelling.parts("lma9to3") == ("lma", "9to3")
    assert spelling.parts("facture") is None
    assert sound_of("kontor") == sound_of("conteur")
    assert spelling.likely("xyz") == {}


@pytest.mark.django_db
def test_the_command_ranks_codes() -> None:
    said = StringIO()
    call_command("find_service", "كونتور ما خدامش", "--language", "ar", "--json", stdout=said)
    rows = json.loads(said.getvalue())
    assert rows[0]["code"] == "meter_check"
    assert rows[0]["title"].startswith("فحص")
    assert set(rows[0]) == {"code", "title", "score"}
    nothing = StringIO()
    call_command("find_service", "qqqqqq", "--json", stdout=nothing)
    assert json.loads(nothing.getvalue()) == []
    with pytest.raises(CommandError):
        call_command("find_service", "eau", "--limit", "0")
