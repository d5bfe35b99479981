"""What is told of security besides the record: citizens' sign-ins, wrong codes, brakes, a trap."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from identity.kinds import SecurityKind
from org.security_log import LoggedEvent, write_event
from tests.eservices.citizens import citizen
from tests.factories import deposit
from web.throttle import Limit, TooManyAttemptsError, count_attempt

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SALMA = "salma@usager.example"


def lines(caplog: Any, kind: str) -> list[str]:
    """Return the lines of security events of a kind."""
    told = [r.getMessage() for r in caplog.records if r.name == "security"]
    return [line for line in told if line.split(" ")[0] == kind]


def test_a_citizen_who_comes_and_goes_is_told_without_their_contact(
    caplog: Any, mailoutbox: list[EmailMessage]
) -> None:
    browser = citizen(SALMA, mailoutbox)
    browser.post("/my/leave/")
    (came,), (went,) = lines(caplog, "citizen_signed_in"), lines(caplog, "citizen_signed_out")
    for line in (came, went):
        assert re.search(r"citizen=[0-9a-f-]{36} .*address=127\.0\.0\.1", line), line
        assert "salma" not in line


def test_wrong_codes_are_told_by_what_they_were_to_open(caplog: Any) -> None:
    letter = deposit().letter
    wrong = {"number": letter.number, "code": "AAAA-AAAA"}
    assert Client().post(reverse("portal:follow"), wrong).status_code == 422
    answer = Client().post("/api/v1/follow", wrong, content_type="application/json")
    assert answer.status_code == 404
    assert Client().post(reverse("portal:resume"), {"code": "AAAA-AAAA"}).status_code == 422
    told = lines(caplog, "code_refused")
    assert [line.split(" ")[1] for line in told] == ["way=letter", "way=letter", "way=draft"]
    assert all(line.endswith("address=127.0.0.1") for line in told)
    assert letter.number not in str(told)


def test_a_brake_is_told_once_a_window(caplog: Any) -> None:
    limit = Limit("tests.watched", 2, 3600)
    for _time in range(2):
        count_attempt(limit, "somebody")
    for _time in range(5):
        with pytest.raises(TooManyAttemptsError):
            count_attempt(limit, "somebody")
    assert lines(caplog, "braked") == ["braked limit=tests.watched"]


def test_who_fills_in_the_trap_is_told(caplog: Any) -> None:
    Client().post(
        reverse("portal:deposit"), {"subject": "Achetez", "website": "https://spam.example"}
    )
    assert lines(caplog, "trapped") == ["trapped address=127.0.0.1"]


def test_a_strangers_words_stay_one_word_of_the_line(caplog: Any) -> None:
    write_event("braked", limit="a b\nsigned_in person=1", nothing="", none=None)
    assert caplog.records[-1].getMessage() == "braked limit=a_b_signed_in_person_1"


def test_every_kind_stands_in_the_list_of_security_events() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([\w.]+)`", page.partition("## Security events")[2]))
    assert {*map(str, SecurityKind), *map(str, LoggedEvent)} <= listed
    assert {"django.security.csrf", "django.security.DisallowedHost"} <= listed
