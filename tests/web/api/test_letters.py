"""Listing letters and walking one from its assignment to its registered reply, over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from registry.models.letters import Letter
from registry.verification import verify_register
from tests.factories import deposit, drain, kind, pdf_bytes, person

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]


def do(client: APIClient, url: str, status: int = 200, **words: Any) -> Any:
    answer = client.post(f"/api/v1/{url}", words, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def numbers(client: Any, **asked: str) -> list[str]:
    page = client.get("/api/v1/letters", asked).json()
    return [letter["number"] for letter in page["letters"]]


def test_pages_follow_each_other_without_hole_or_double(api_as: Caller) -> None:
    wanted = [deposit().letter.number for _ in range(5)][::-1]
    client, found, cursor = api_as("amina"), [], ""
    for _ in range(3):
        asked: dict[str, Any] = {"limit": 2, "cursor": cursor}
        page = client.get("/api/v1/letters", asked).json()
        found += [letter["number"] for letter in page["letters"]]
        cursor = page["next_cursor"]
        deposit()  # what comes in meanwhile moves nothing
    assert found == wanted
    assert cursor == ""


def test_filters_narrow_and_a_department_sees_its_own(api_as: Caller) -> None:
    mine = deposit(departments=["EAU"], external_reference="R/7").letter
    other = deposit(channel="post").letter
    assert numbers(api_as("badr")) == [mine.number]
    assert numbers(api_as("chafik")) == []
    amina = api_as("amina")
    assert numbers(amina, channel="post") == [other.number]
    assert numbers(amina, reference="R/7") == [mine.number]
    assert numbers(amina, stage="closed") == []
    assert numbers(amina, register="OUT") == []
    assert numbers(amina, before=mine.registered_at.isoformat()) == []
    assert len(numbers(amina, after=mine.registered_at.isoformat())) == 2


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(api_as: Caller) -> None:
    client = api_as("amina")
    deposit()
    with CaptureQueriesContext(connection) as short:
        client.get("/api/v1/letters")
    for _ in range(8):
        deposit(departments=["EAU"])
    with CaptureQueriesContext(connection) as long:
        assert len(client.get("/api/v1/letters").json()["letters"]) == 9
    assert len(long) == len(short)


def test_a_letter_walks_to_its_registered_reply(api_as: Caller) -> None:
    amina, badr, dounia = api_as("amina"), api_as("badr"), api_as("dounia")
    letter = do(amina, "letters", 201, message="Une fuite", sender_email="a@example.org")
    here = f"letters/{letter['id']}"
    given = do(amina, f"{here}/assign", 201, department="EAU", note="Urgent")
    assert (given["department"], given["state"]) == ("EAU", "open")
    assert do(badr, f"assignments/{given['id']}/accept")["person"] == "badr"
    file = SimpleUploadedFile("reponse.pdf", pdf_bytes("Réponse"))
    answer = badr.post(
        f"/api/v1/{here}/replies", {"subject": "Réponse", "file": file}, format="multipart"
    )
    assert answer.status_code == 201
    reply = f"replies/{answer.json()['id']}"
    assert do(badr, f"{reply}/submit")["state"] == "submitted"
    assert do(dounia, f"{reply}/return", remark="Plus poli")["remark"] == "Plus poli"
    edited = badr.put(f"/api/v1/{reply}", {"subject": "Réponse", "body": "Cher Monsieur"})
    assert edited.json()["body"] == "Cher Monsieur"
    assert edited.json()["file_name"] == "reponse.pdf"
    do(badr, f"{reply}/submit")
    assert do(dounia, f"{reply}/approve")["number"] is None
    sent = do(badr, f"{reply}/send", method="handed_over", address="M. X")
    assert "/OUT/" in sent["number"]
    drain("reply.dispatch")
    assert do(badr, f"assignments/{given['id']}/sign_off", method="letter")["method"] == "letter"
    whole = amina.get(f"/api/v1/{here}").json()
    assert whole["stage"] == "closed"
    assert whole["replies"][0]["number"] == sent["number"]
    kinds = [e["kind"] for e in amina.get(f"/api/v1/{here}/events").json()["events"]]
    assert kinds[0] == "registered"
    assert {"assigned", "accepted", "reply_approved", "signed_off"} <= set(kinds)
    assert list(verify_register()) == []


def test_the_outcome_is_said_with_the_sign_off_and_corrected_with_a_reason(
    api_as: Caller,
) -> None:
    amina, badr = api_as("amina"), api_as("badr")
    letter = deposit(actor=person("amina")).letter
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_commercial"))
    here = f"letters/{letter.pk}"
    given = do(amina, f"{here}/assign", 201, department="EAU")
    do(badr, f"assignments/{given['id']}/accept")
    do(badr, f"assignments/{given['id']}/sign_off", 403, method="letter")
    do(badr, f"assignments/{given['id']}/sign_off", 400, method="letter", outcome="great")
    do(badr, f"assignments/{given['id']}/sign_off", method="letter", outcome="unfavourable")
    whole = badr.get(f"/api/v1/{here}").json()
    assert (whole["outcome"]["outcome"], whole["outcome"]["department"]) == ("unfavourable", "EAU")
    assert "record_outcome" in whole["actions"]
    do(badr, f"{here}/outcome", 403, outcome="partly")
    said = do(badr, f"{here}/outcome", outcome="partly", reason="Geste commercial")
    assert (said["outcome"], said["reason"], said["recorded_by"]) == (
        "partly",
        "Geste commercial",
        "badr",
    )


def test_a_department_refuses_and_another_gets_the_letter(api_as: Caller) -> None:
    amina, badr = api_as("amina"), api_as("badr")
    letter = deposit().letter
    first = do(amina, f"letters/{letter.pk}/assign", 201, department="EAU")
    refused = do(badr, f"assignments/{first['id']}/refuse", reason="Pas nous")
    assert (refused["state"], refused["reason"]) == ("refused", "Pas nous")
    second = do(amina, f"letters/{letter.pk}/assign", 201, department="EAU")
    moved = do(badr, f"assignments/{second['id']}/transfer", department="SI", reason="Réseau")
    assert (moved["department"], moved["state"]) == ("SI", "open")
    assert api_as("chafik").get(f"/api/v1/letters/{letter.pk}").status_code == 200


def test_a_person_corrects_the_facts(api_as: Caller) -> None:
    letter = deposit(subject="Fiute").letter
    facts: dict[str, Any] = {"subject": "Fuite", "kind": "request", "document_date": "2026-02-03"}
    whole = do(api_as("amina"), f"letters/{letter.pk}/corrections", **facts)
    assert {name: whole[name] for name in facts} == facts
    do(api_as("amina"), f"letters/{letter.pk}/corrections", 400)
    wrong = do(api_as("amina"), f"letters/{letter.pk}/corrections", 400, kind="no-such")
    assert "kind" in wrong["error"]["fields"]


def test_voiding_needs_two_people_and_leaves_the_number(api_as: Caller) -> None:
    letter = deposit().letter
    asked = do(api_as("amina"), f"letters/{letter.pk}/void-requests", 201, reason="Doublon")
    again = do(api_as("direction"), f"letters/{letter.pk}/void-requests", 403, reason="Doublon")
    assert again["error"]["message"]
    do(api_as("amina"), f"void-requests/{asked['id']}/approve", 403)
    done = do(api_as("direction"), f"void-requests/{asked['id']}/approve")
    assert (done["decision"], done["decided_by"]) == ("approved", "direction")
    assert "/PV/" in done["minute_number"]
    assert Letter.objects.get(pk=letter.pk).stage == "voided"
    assert do(api_as("direction"), f"void-requests/{asked['id']}/refuse", 409)["error"]["code"] == (
        "moved_on"
    )


def test_a_parked_job_is_tried_again_once(api_as: Caller) -> None:
    from jobs.models import Job

    deposit()
    job = Job.objects.filter(kind="letter.read").latest("id")
    Job.objects.filter(pk=job.pk).update(state="parked", error_code="damaged")
    admin = api_as("admin")
    parked = admin.get("/api/v1/jobs", {"state": "parked"}).json()["jobs"]
    assert [row["id"] for row in parked] == [job.pk]
    assert do(admin, f"jobs/{job.pk}/retry")["state"] == "ready"
    assert do(admin, f"jobs/{job.pk}/retry", 409)["error"]["code"] == "moved_on"


def test_a_search_finds_only_what_the_caller_may_read(api_as: Caller) -> None:
    letter = deposit(subject="Coupure à Sidi Bouzid", departments=["EAU"]).letter
    drain("letter.index")
    found = api_as("badr").get("/api/v1/search", {"q": "coupure", "stage": "registered"}).json()
    assert [hit["letter"]["number"] for hit in found["hits"]] == [letter.number]
    assert found["total"] == 1
    assert api_as("chafik").get("/api/v1/search", {"q": "coupure"}).json()["total"] == 0


def test_the_caller_is_told_who_they_are(api_as: Caller) -> None:
    me = api_as("dounia").get("/api/v1/me").json()
    assert me["departments"] == {"EAU": "head"}
    assert person("dounia").shown_name == me["name"]
