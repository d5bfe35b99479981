"""The record of security events: what stands in it, who sees it, and that it stays."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from correspondence.replies import drafting
from identity import events
from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.models import Department, User
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from routing.models.assignments import Assignment
from routing.models.notes import Note
from routing.notes.writing import write_note
from routing.opinions.opinion_requests import AskedDepartment, ask_opinions
from tests.correspondence.circuits import circuit, signed
from tests.eservices.office import opened
from tests.factories import api_key, deposit, drain, pdf, person
from tests.web.signin.test_log_in import log_in

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def letter(amina: User) -> Letter:
    return deposit(actor=amina, subject="Coupure d'eau").letter


def readings() -> list[tuple[str, Any]]:
    rows = SecurityEvent.objects.filter(kind=events.READ).order_by("pk")
    return [(row.person.username, row.letter_id) for row in rows if row.person]


@pytest.mark.parametrize("change", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}"])
def test_nothing_in_it_is_changed_or_removed(badr: User, change: str) -> None:
    events.record(SecurityKind.SIGNED_IN, person=badr)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format("identity_securityevent"))
    assert SecurityEvent.objects.get().kind == "signed_in"


def test_every_kind_has_words() -> None:
    assert set(events.KINDS) == set(SecurityKind)


def test_reading_a_letter_is_one_row_a_person_and_day(
    letter: Letter, client_as: Browser, amina: User
) -> None:
    document = letter.documents.get()
    page = client_as("amina")
    for path in ("", f"documents/{document.pk}/", f"documents/{document.pk}/?show=1", ""):
        assert page.get(f"/letters/{letter.pk}/{path}").status_code == 200
    client_as("direction").get(f"/letters/{letter.pk}/documents/{document.pk}/")
    assert readings() == [("amina", letter.pk), ("direction", letter.pk)]


@pytest.mark.parametrize("part", ["", "/text", "/events", "/notes", "/opinions", "/receipt"])
def test_reading_over_the_api_is_on_record_too(letter: Letter, part: str) -> None:
    headers = {"authorization": f"Token {api_key('audit', access='read')}"}
    drain(RegistryJob.RECEIPT_RENDER)
    assert Client().get(f"/api/v1/letters/{letter.pk}{part}", headers=headers).status_code == 200
    assert readings() == [("audit", letter.pk)]


def test_reading_one_note_or_opinion_over_the_api_is_on_record(
    accepted: Assignment, badr: User
) -> None:
    letter = accepted.letter
    note = write_note(letter, author=badr, text="Vu sur place.", reach=Note.Reach.READERS)
    asked = AskedDepartment(Department.objects.exclude(pk=accepted.department_id)[0])
    (opinion,) = ask_opinions(letter, [asked], actor=badr, question="Que faire ?")
    for reader, path in (("audit", f"notes/{note.pk}"), ("direction", f"opinions/{opinion.pk}")):
        headers = {"authorization": f"Token {api_key(reader, access='read')}"}
        assert Client().get(f"/api/v1/{path}", headers=headers).status_code == 200
    assert readings() == [("audit", letter.pk), ("direction", letter.pk)]


def test_reading_what_was_asked_for_over_the_api_is_on_record(amina: User) -> None:
    asked = opened()
    headers = {"authorization": f"Token {api_key('direction', access='read')}"}
    assert Client().get(f"/api/v1/requests/{asked.pk}", headers=headers).status_code == 200
    assert readings() == [("direction", asked.letter_id)]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/replies/{}",
        "/api/v1/drafts/{}",
        "/api/v1/replies/{}/paper",
        "/replies/{}/paper/",
        "/replies/{}/paper.pdf",
        "/drafts/{}/file/",
        "/letters/{letter}/replies/{}/file/",
    ],
)
def test_reading_what_is_answered_is_on_record_with_the_letter(
    accepted: Assignment, client_as: Browser, badr: User, path: str
) -> None:
    letter = accepted.letter
    file = pdf() if path.endswith("/file/") else None
    reply = drafting.draft_reply(letter, actor=badr, subject="Fuite", body="Réparée.", file=file)
    address = path.format(reply.pk, letter=letter.pk)
    if "/api/" in path:
        headers = {"authorization": f"Token {api_key('direction', access='read')}"}
        assert Client().get(address, headers=headers).status_code == 200
    else:
        assert client_as("direction").get(address).status_code == 200
    assert readings() == [("direction", letter.pk)]


def test_reading_a_reply_that_left_is_a_reading_of_the_letter_that_it_became(
    accepted: Assignment, dounia: User
) -> None:
    circuit()
    reply = signed(accepted)
    headers = {"authorization": f"Token {api_key('direction', access='read')}"}
    assert Client().get(f"/api/v1/replies/{reply.pk}", headers=headers).status_code == 200
    assert reply.outgoing_id
    assert set(readings()) == {("direction", reply.letter_id), ("direction", reply.outgoing_id)}


def test_who_may_not_read_leaves_no_reading(letter: Letter, client_as: Browser) -> None:
    assert client_as("chafik").get(f"/letters/{letter.pk}/").status_code == 404
    assert readings() == []


def test_two_readings_at_once_are_one_row(letter: Letter, badr: User) -> None:
    for _ in range(2):
        row = SecurityEvent(at="2026-01-01T00:00Z", day="2026-01-01", kind=events.READ)
        row.person, row.letter_id = badr, letter.pk
        SecurityEvent.objects.bulk_create([row], ignore_conflicts=True)
    assert len(readings()) == 1


def test_what_an_administrator_does_is_on_record(client_as: Browser, admin: User) -> None:
    form = {"partner": "Régie", "may_deposit": "1", "per_hour": "10"}
    assert client_as("admin").post("/partners/new/", form).status_code == 200
    row = SecurityEvent.objects.get(kind="administered")
    assert (row.person, row.detail) == (admin, {"page": "new_partner_key"})


def test_auditors_see_all_and_administrators_no_readings(
    letter: Letter, client_as: Browser
) -> None:
    client_as("amina").get(f"/letters/{letter.pk}/")
    log_in("badr", "faux")
    seen = client_as("audit").get("/security/").content.decode()
    assert letter.number in seen
    assert "Échec de connexion" in seen
    hidden = client_as("admin").get("/security/").content.decode()
    assert letter.number not in hidden
    assert "Échec de connexion" in hidden
    assert (
        letter.number
        not in client_as("admin").get("/security/", {"kind": events.READ}).content.decode()
    )
    for who in ("amina", "badr", "direction"):
        assert client_as(who).get("/security/").status_code == 403


def test_filters_leave_what_fits_and_refuse_rubbish(letter: Letter, client_as: Browser) -> None:
    client_as("amina").get(f"/letters/{letter.pk}/")
    log_in("badr", "faux")
    audit = client_as("audit")
    for query, there, away in (
        ({"kind": "sign_in_failed"}, "Échec de connexion<", letter.number),
        ({"person": "AMINA"}, letter.number, "Échec de connexion<"),
        ({"letter": letter.number}, letter.number, "Échec de connexion<"),
        ({"last": "2001-01-01"}, "Rien ne correspond", letter.number + "<"),
    ):
        page = audit.get("/security/", query).content.decode()
        body = page.partition("</form>")[2]
        assert there in body, query
        assert away not in body.partition("Exporter")[2], query
    for wrong in ({"person": "nobody"}, {"letter": "9"}, {"first": "x"}, {"kind": "x"}):
        answer = audit.get("/security/", wrong)
        assert answer.status_code == 422
        assert 'class="error"' in answer.content.decode()


def test_pages_follow_each_other_without_a_gap(badr: User, client_as: Browser) -> None:
    for number in range(60):
        events.record(SecurityKind.TOKEN_MADE, person=badr, token=f"t-{number:02}")
    audit, seen, address = client_as("audit"), [], "/security/?kind=token_made"
    import re

    while address:
        page = audit.get(address).content.decode()
        seen += re.findall(r"t-(\d\d)", page)
        found = re.search(r'href="(\?[^"]*from=[^"]*)"', page)
        address = "/security/" + found.group(1).replace("&amp;", "&") if found else ""
    assert seen == [f"{number:02}" for number in reversed(range(60))]


def test_the_export_is_for_auditors_and_on_record_itself(client_as: Browser, badr: User) -> None:
    events.record(SecurityKind.TOKEN_MADE, person=badr, name="=1+1")
    assert client_as("admin").get("/security/events.csv").status_code == 403
    answer: Any = client_as("audit").get("/security/events.csv", {"kind": "token_made"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["kind"], row["person"], row["detail"]) == ("token_made", "badr", "name: =1+1")
    assert SecurityEvent.objects.get(kind="record_exported").person == person("audit")


def test_a_user_name_is_no_formula_in_the_export(client_as: Browser) -> None:
    odd = User.objects.create(username="+sum@example.org")
    events.record(SecurityKind.TOKEN_MADE, person=odd, subject=odd)
    answer: Any = client_as("audit").get("/security/events.csv", {"kind": "token_made"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["person"], row["subject"]) == ("'+sum@example.org", "'+sum@example.org")


def test_the_command_prints_what_fits(badr: User, capsys: Any) -> None:
    events.record(SecurityKind.SIGNED_IN, person=badr, address="192.0.2.1")
    events.record(SecurityKind.SIGNED_OUT, person=badr)
    call_command("security_events", "--kind", "signed_in", "--person", "badr")
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["kind"], told["person"], told["address"]) == ("signed_in", "badr", "192.0.2.1")


def test_logs_name_nobody(badr: User, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    log_in("badr", "faux")
    log_in("nobody-of-this-name", "faux")
    log_in("badr")
    ours = [r for r in caplog.records if r.name.partition(".")[0] in {"identity", "web", "allauth"}]
    assert "badr" not in str([record.getMessage() for record in ours])
    assert "nobody-of-this-name" not in caplog.text


def test_who_is_refused_a_page_is_on_record_once_a_day(client_as: Browser, badr: User) -> None:
    browser = client_as("badr")
    for _time in range(2):
        assert browser.get("/administration/").status_code == 403
    key = {"authorization": f"Token {api_key('badr')}"}
    assert Client(headers=key).get("/api/v1/jobs").status_code == 403
    rows = SecurityEvent.objects.filter(kind="access_refused", person=badr).order_by("pk")
    assert [row.detail for row in rows] == [{"page": "desk:administration"}, {"page": "api:jobs"}]
    assert rows[0].address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "headers", "way"),
    [
        ("/api/v1/me", {"authorization": "Token wrong"}, "key"),
        ("/api/v1/partner/letters", {"authorization": "Key wrong"}, "key"),
        ("/scim/v2/Users", {"authorization": "Bearer wrong"}, "key"),
        ("/api/biller/v1/payments", {"x-biller-signature": "v1=wrong"}, "signature"),
    ],
)
def test_wrong_keys_of_programs_are_on_record_by_their_address(
    path: str, headers: dict[str, str], way: str
) -> None:
    for _time in range(2):
        assert Client().post(path, headers=headers).status_code == 401
    row = SecurityEvent.objects.get(kind="key_refused")
    assert (row.person, row.address, row.detail) == (None, "127.0.0.1", {"way": way})
    Client().get(path)  # without a key, nobody tried one
    assert SecurityEvent.objects.filter(kind="key_refused").count() == 1
