"""A sender who is only proposed is found as one, after those who are known, and is marked."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from org.models import User
from registry.models.letters import Letter, Party
from routing.models.suggestions import Suggestion
from routing.proposals.senders import proposed_senders
from routing.proposals.suggesting import save_understanding
from search.contract import SearchEngine
from search.index.many_documents import documents_of
from search.services import find_letters
from tests.factories import deposit, drain
from tests.search.letters import ask, found, letter
from understanding.letters.understanding import Suggested, Understanding


@pytest.fixture
def archive(engine: SearchEngine) -> SearchEngine:
    engine.put(
        [
            letter(1, proposed_sender="Karim Bennani", text="fuite"),
            letter(2, sender="Karim Bennani", parties="Karim Bennani", text="fuite"),
            letter(3, sender="Leïla Tazi", proposed_sender="Karim Bennani", text="fuite"),
            letter(4, proposed_sender="عبد الله الإدريسي", text="انقطاع الماء"),
            letter(5, text="Karim Bennani"),
        ]
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "serials"),
    [
        ("from:Bennani", [2, 1]),
        ("de:benani fuite", [2, 1]),
        ("من:بناني", [2, 1]),
        ("de:Idrissi", [4]),
        ("من:الادريسي الماء", [4]),
        ("fuite -de:Bennani", [3]),
        ("to:Bennani", []),
    ],
)
def test_a_proposed_sender_counts_after_a_known_one(
    archive: SearchEngine, typed: str, serials: list[int]
) -> None:
    assert found(archive, typed) == serials


def test_a_facet_says_which_senders_are_only_proposed(archive: SearchEngine) -> None:
    counts = ask(archive, "").facets["sender_state"]
    assert dict(counts) == {"confirmed": 2, "proposed": 2, "unknown": 1}
    assert sorted(found(archive, "", filters={"sender_state": ["proposed"]})) == [1, 4]


def understood(name: str, *, field: str = "sender", sure: bool = False) -> Understanding:
    made = Suggested(field, name, 0.6, ("signature",), "pattern", sure=sure)
    return Understanding(suggestions=(made,), model="test")


def propose(row: Letter, understanding: Understanding) -> None:
    with transaction.atomic():
        save_understanding(str(row.pk), understanding)
    drain("letter.index")


@pytest.fixture
def unsigned(own_data_dir: Path, db: None) -> Letter:
    """A registered letter of which nobody has said who sent it."""
    row = deposit(subject="Zellige fissuré", sender="").letter
    drain("letter.index")
    return row


def hits(viewer: User, words: str, **asked: Any) -> list[tuple[str, str]]:
    answer = find_letters(viewer=viewer, words=words, **asked)
    return [(hit.number, hit.proposed_sender) for hit in answer.hits]


def test_a_proposal_is_found_until_it_changes_or_is_confirmed(
    amina: User, unsigned: Letter
) -> None:
    assert hits(amina, "zellige") == [(unsigned.number, "")]
    propose(unsigned, understood("Mourad Tazi"))
    assert hits(amina, "de:Tazi") == [(unsigned.number, "Mourad Tazi")]
    propose(unsigned, understood("Rachid Alami"))
    assert hits(amina, "de:Tazi") == []
    assert hits(amina, "de:Alami") == [(unsigned.number, "Rachid Alami")]
    asked = {"filters": {"sender_state": ["proposed"]}}
    assert hits(amina, "", **asked) == [(unsigned.number, "Rachid Alami")]
    propose(unsigned, understood("Rachid Alami", sure=True))  # fills the register's sender
    assert Party.objects.filter(letter=unsigned, role="sender", name="Rachid Alami").exists()
    assert hits(amina, "de:Alami") == [(unsigned.number, "")]
    assert hits(amina, "", **asked) == []


def test_what_a_person_has_decided_is_no_proposal(unsigned: Letter) -> None:
    propose(unsigned, understood("Mourad Tazi"))
    propose(unsigned, understood("Commune d'Azemmour", field="sender_organisation"))
    assert list(proposed_senders([unsigned.pk]).values()) == ["Commune d'Azemmour"]
    Suggestion.objects.filter(letter=unsigned).update(decision="corrected")
    assert proposed_senders([unsigned.pk]) == {}


def test_many_letters_take_one_look_at_the_proposals(
    unsigned: Letter, django_assert_num_queries: Any
) -> None:
    others = [deposit(subject=f"Zellige {n}", sender="").letter.pk for n in range(3)]
    with django_assert_num_queries(1):
        proposed_senders([unsigned.pk, *others])
    assert len(list(documents_of([unsigned.pk, *others]))) == 4


def test_page_and_api_mark_it(amina: User, unsigned: Letter) -> None:
    propose(unsigned, understood("Mourad Tazi"))
    browser = Client()
    browser.force_login(amina)
    page = browser.get("/search/", {"q": "zellige"}).content.decode()
    assert "Mourad Tazi" in page
    near = browser.get("/search/", {"q": "zellige fissuré Casablanca"}).content.decode()
    assert "Mourad Tazi" in near
    assert '<s dir="auto">Casablanca</s>' in near
    told = json.loads(browser.get("/api/v1/search", {"q": "zellige fissuré Casablanca"}).content)
    assert (told["total"], told["hits"], told["facets"]["stage"]) == (0, [], {})
    assert [(one["lacking"], one["proposed_sender"]) for one in told["most"]] == [
        (["Casablanca"], "Mourad Tazi")
    ]
    assert told["corrected"] == "zellige fissuré"


def test_the_command_tells_both(amina: User, unsigned: Letter) -> None:
    propose(unsigned, understood("Mourad Tazi"))
    out = io.StringIO()
    asked = ("find", "zellige fissuré Casablanca", "--as", "amina")
    call_command(*asked, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["total"], told["most"][0]["lacking"]) == (0, ["Casablanca"])
    assert told["most"][0]["proposed_sender"] == "Mourad Tazi"
    call_command(*asked, stdout=out)
    assert "Casablanca" in out.getvalue().splitlines()[5]
