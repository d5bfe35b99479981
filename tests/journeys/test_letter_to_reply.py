"""The whole way over HTTP: deposit, number, reading, route, answer, tracking, proof."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.office import ROOT, AnswerError, Api, Browser, Office, wait_until

pytestmark = pytest.mark.xdist_group("office")
SAMPLES = ROOT / "samples" / "files"
READ_SECONDS = 180


def _when(api: Api, letter_id: str, fact: Any) -> Any:
    """The letter as soon as `fact` holds of it."""

    def look() -> Any:
        letter = api.get(f"letters/{letter_id}")
        return letter if fact(letter) else None

    return wait_until(look, seconds=READ_SECONDS)


def _routed(letter: dict[str, Any]) -> bool:
    return bool(letter["department"]) and any(a["role"] == "action" for a in letter["assignments"])


def test_a_scanned_complaint_is_read_routed_answered_and_followed(office: Office) -> None:
    amina = Api(office, "amina")
    deposited = amina.deposit(SAMPLES / "01-fuite-zankat-louz.pdf", channel="counter")
    assert re.fullmatch(r"\d{4}/IN/\d{6}", deposited["number"])

    letter = _when(amina, deposited["id"], _routed)
    assert letter["language"] == "ar"
    assert letter["department"] == "EAU"

    found = wait_until(
        lambda: [
            hit
            for hit in amina.get("search?q=%D8%A7%D9%84%D8%A3%D9%86%D8%A8%D9%88%D8%A8")["hits"]
            if hit["letter"]["number"] == deposited["number"]
        ],
        seconds=READ_SECONDS,
    )
    assert found

    chafik = Api(office, "chafik")
    chafik.get(f"letters/{deposited['id']}", expect=404)
    assert chafik.get("search?q=%D8%A7%D9%84%D8%A3%D9%86%D8%A8%D9%88%D8%A8")["total"] == 0

    badr, dounia = Api(office, "badr"), Api(office, "dounia")
    action = next(a for a in letter["assignments"] if a["role"] == "action")
    assert badr.post(f"assignments/{action['id']}/accept")["state"] == "accepted"
    reply = badr.post(
        f"letters/{deposited['id']}/replies",
        {"subject": "جواب على شكايتكم", "body": "تم إصلاح التسرب. وتقبلوا فائق الاحترام."},
    )
    badr.post(f"replies/{reply['id']}/submit")
    dounia.post(f"replies/{reply['id']}/approve")
    sent = dounia.post(f"replies/{reply['id']}/send", {"method": "portal"})
    assert re.fullmatch(r"\d{4}/OUT/\d{6}", sent["number"])
    answered = _when(amina, deposited["id"], lambda x: x["stage"] in {"answered", "closed"})
    assert answered["replies"][0]["number"] == sent["number"]

    citizen = Browser(office)
    page = citizen.send(
        "/follow/", {"number": deposited["number"], "code": deposited["tracking_code"]}
    )
    assert deposited["number"] in page
    assert sent["number"] in page

    current = badr.get(f"letters/{deposited['id']}")
    live = next(a for a in current["assignments"] if a["state"] == "accepted")
    said = {"method": "letter", "outcome": "favourable"}  # a complaint: needed
    badr.post(f"assignments/{live['id']}/sign_off", said)
    closed = amina.get(f"letters/{deposited['id']}")
    assert (closed["stage"], closed["outcome"]["outcome"]) == ("closed", "favourable")
    verdict = json.loads(office.manage("verify_register", "--json"))
    assert verdict == {"ok": True, "problems": []}


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(office: Office) -> None:
    amina = Api(office, "amina")
    deposited = amina.deposit(SAMPLES / "18-suggestion-agence-en-ligne.eml", channel="email")
    answers = []
    for number, code in (
        (deposited["number"], "BBBB-BBBB"),
        ("1999/IN/000001", deposited["tracking_code"]),
    ):
        try:
            page = Browser(office).send("/follow/", {"number": number, "code": code})
        except Exception as error:  # an HTTP error status carries the page
            page = error.read().decode()  # type: ignore[attr-defined]
        words = re.search(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', page, re.S)
        assert words, page[:2000]
        answers.append(words[1].strip())
    assert answers[0] == answers[1]


def test_the_same_key_gives_the_same_letter(office: Office) -> None:
    amina = Api(office, "amina")
    key = uuid.uuid4().hex
    first = amina.deposit(SAMPLES / "11-demande-stage.docx", key=key)
    second = amina.deposit(SAMPLES / "11-demande-stage.docx", key=key)
    assert (first["id"], first["number"], first["tracking_code"]) == (
        second["id"],
        second["number"],
        second["tracking_code"],
    )


@pytest.mark.slow
def test_the_command_line_deposits_waits_and_finds(office: Office, tmp_path: Path) -> None:
    word = "aqueduc" + uuid.uuid4().hex[:6].translate(str.maketrans("0123456789", "ghijklmnop"))
    path = tmp_path / "lettre.txt"
    path.write_text(f"Objet : fuite d'eau\n\nUne fuite au pied du compteur, quartier {word}.\n")
    line = json.loads(office.manage("deposit", str(path), "--wait", "--json"))
    assert line["found"] is True
    assert line["language"] == "fr"
    found = json.loads(office.manage("find", word, "--as", "amina", "--json"))
    assert [hit["number"] for hit in found["hits"]] == [line["number"]]
    assert json.loads(office.manage("find", word, "--as", "chafik", "--json"))["total"] == 0


def test_refused_files_are_named_and_nothing_is_registered(office: Office, tmp_path: Path) -> None:
    fake = tmp_path / "facture.pdf"
    fake.write_bytes(b"MZ\x90\x00" + b"\0" * 200)
    amina = Api(office, "amina")
    before = amina.get("letters?limit=1")["letters"][0]["number"]
    with pytest.raises(AnswerError, match=r"executable.*facture\.pdf"):
        amina.deposit(fake)
    assert amina.get("letters?limit=1")["letters"][0]["number"] == before
