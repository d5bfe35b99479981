"""Personal data over the API: print-outs, rectifications, the record, who answers for it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from org.models import Processing, User
from tests.eservices.privacy.subjects import Subject, salma, secret
from tests.factories import drain

pytestmark = pytest.mark.django_db
Api = Callable[[str], APIClient]
DATA = "/api/v1/personal-data"


@pytest.fixture
def subject(own_data_dir: Path, settings: Any) -> Subject:
    settings.EXPORT_DIR = own_data_dir / "exports"
    return salma()


def test_a_person_is_printed_and_fetched(subject: Subject, api_as: Api) -> None:
    boss = api_as("direction")
    given = {"subject": subject.key, "reason": "Sa demande", "letter": subject.letter.number}
    made = boss.post(f"{DATA}/print-outs", given, format="json")
    assert made.status_code == 201, made.content
    one = f"{DATA}/print-outs/{made.json()['id']}"
    assert boss.get(one).json()["file"]["state"] == "waiting"
    assert boss.get(f"{one}/content").status_code == 404
    drain("search.export")
    assert boss.get(one).json()["file"]["state"] == "ready"
    body = b"".join(boss.get(f"{one}/content").streaming_content)  # type: ignore[attr-defined]
    assert "data.json" in ZipFile(io.BytesIO(body)).namelist()
    assert api_as("audit").get(f"{DATA}/print-outs").json()["printouts"][0]["reason"]
    assert api_as("audit").get(f"{one}/content").status_code == 403
    for wrong in ({"subject": "contact:999999"}, {"letter": "2020/IN/999999"}, {"reason": ""}):
        answer = boss.post(f"{DATA}/print-outs", {**given, **wrong}, format="json")
        assert answer.status_code in (400, 404)


def test_a_rectification_goes_its_way(subject: Subject, api_as: Api) -> None:
    clerk, boss = api_as("amina"), api_as("direction")
    given = {"subject": subject.key, "what": "name", "wanted": "Salma Z."}
    made = clerk.post(f"{DATA}/rectifications", given, format="json")
    assert made.status_code == 201, made.content
    one = f"{DATA}/rectifications/{made.json()['id']}"
    assert clerk.post(f"{one}/accept", {}, format="json").status_code == 403
    assert boss.post(f"{one}/accept", {}, format="json").json()["state"] == "done"
    assert boss.post(f"{one}/refuse", {"words": "x"}, format="json").status_code == 409
    told = boss.post(f"{one}/answer", {"words": "Par lettre"}, format="json").json()
    assert told["answer"] == "Par lettre"
    assert boss.post(f"{one}/burn", {}, format="json").status_code == 404
    waiting = clerk.get(f"{DATA}/rectifications?waiting=true").json()["rectifications"]
    assert waiting == []
    assert len(clerk.get(f"{DATA}/rectifications").json()["rectifications"]) == 1


def test_the_record_is_read_and_kept(api_as: Api, capsys: Any) -> None:
    admin = api_as("admin")
    call_command("processing", "--usual")
    assert len(admin.get("/api/v1/processing").json()["rows"]) == 10
    one = admin.put("/api/v1/processing/contacts", {"cndp": "A-1"}, format="json")
    assert one.status_code == 200, one.content
    assert one.json()["cndp"] == "A-1"
    assert one.json()["purpose"]["fr"]
    assert admin.put("/api/v1/processing/new", {"cndp": "A-1"}, format="json").status_code == 400
    given = {
        "ground": "law",
        **{name: {"ar": "نص", "fr": "Texte"} for name in ("purpose", "people", "data")},
    }
    assert admin.put("/api/v1/processing/cameras", given, format="json").status_code == 200
    assert admin.get("/api/v1/processing/cameras").json()["purpose"]["fr"] == "Texte"
    call_command("processing", "--export")
    assert "cameras" in capsys.readouterr().out


def test_a_code_is_kept_in_small_letters_and_never_cut(api_as: Api) -> None:
    admin = api_as("admin")
    given = {
        "ground": "law",
        **{name: {"ar": "نص", "fr": "Texte"} for name in ("purpose", "people", "data")},
    }
    made = admin.put("/api/v1/processing/Cameras", given, format="json")
    assert (made.status_code, made.json()["code"]) == (200, "cameras")
    long = admin.put(f"/api/v1/processing/{'c' * 41}", given, format="json")
    assert (long.status_code, list(long.json()["error"]["fields"])) == (400, ["code"])
    assert len(admin.get("/api/v1/processing").json()["rows"]) == 1


def test_a_language_that_is_not_given_stays(api_as: Api) -> None:
    admin = api_as("admin")
    call_command("processing", "--usual")
    before = admin.get("/api/v1/processing/contacts").json()["purpose"]
    given = {"purpose": {"fr": "Autre but"}}
    told = admin.put("/api/v1/processing/contacts", given, format="json").json()["purpose"]
    assert told == {**before, "fr": "Autre but"}
    assert before["ar"]
    assert before["en"]


def test_numbers_of_letters_are_for_who_may_read_them(subject: Subject, api_as: Api) -> None:
    hidden, boss = secret(subject), api_as("direction")
    of_letter = {"subject": subject.key, "letter": hidden.number}
    asked = {**of_letter, "what": "letter", "wanted": "x", "about": hidden.number}
    row = boss.post(f"{DATA}/rectifications", asked, format="json").json()
    assert (row["letter"], row["about"]) == (hidden.number, hidden.number)
    made = boss.post(f"{DATA}/print-outs", {**of_letter, "reason": "x"}, format="json").json()
    assert made["letter"] == hidden.number
    User.objects.filter(username="direction").update(clearance=0)
    one = boss.get(f"{DATA}/rectifications/{row['id']}").json()
    assert (one["letter"], one["about"]) == (None, None)
    assert boss.get(f"{DATA}/print-outs").json()["printouts"][0]["letter"] is None
    refused = boss.post(f"{DATA}/rectifications/{row['id']}/accept", {}, format="json")
    assert refused.status_code == 409


def test_a_table_that_was_exported_changes_nothing(tmp_path: Path, capsys: Any) -> None:
    call_command("processing", "--usual")
    capsys.readouterr()
    call_command("processing", "--export")
    path = tmp_path / "record.csv"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    call_command("processing", "--import", str(path))
    assert "inchangées\u00a0: 10" in capsys.readouterr().out
    path.write_text(
        path.read_text(encoding="utf-8").replace("contacts,mission", "contacts,consent"),
        encoding="utf-8",
    )
    call_command("processing", "--import", str(path))
    assert Processing.objects.get(code="contacts").ground == "consent"


def test_officers_are_appointed_and_ended(api_as: Api) -> None:
    admin = api_as("admin")
    assert admin.put(f"{DATA}/officers/amina").status_code == 200
    assert admin.put(f"{DATA}/officers/amina").status_code == 409
    assert admin.put(f"{DATA}/officers/badr").status_code == 409
    assert [one["person"] for one in admin.get(f"{DATA}/officers").json()["officers"]] == ["amina"]
    assert admin.delete(f"{DATA}/officers/amina").status_code == 204
    assert admin.delete(f"{DATA}/officers/amina").status_code == 409
