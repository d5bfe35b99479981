"""The commands of the catalogue: what is published, and a service as a file."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eservices.catalogue.publishing import published
from eservices.catalogue.toml_files import as_toml
from org.models import User
from tests.eservices.office import content_of, published_type

pytestmark = pytest.mark.django_db
CODE = "complaint_water"


def manage(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def refused(*words: str) -> list[str]:
    """Run what ends with exit 2, and return the lines of stderr."""
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*words, stderr=said)
    assert ended.value.code == 2
    return said.getvalue().splitlines()


def test_services_are_listed_with_pieces_fee_terms_and_address() -> None:
    fee = {"amount": "120.5", "words": {"ar": "رسم", "fr": "Frais", "en": "Fee"}}
    published_type(content_of(fee=fee))
    rows = {row["code"]: row for row in json.loads(manage("services", "--json"))}
    row, service = rows[CODE], published_type().definition
    assert row["titles"] == {one: getattr(service.title, one) for one in ("ar", "fr", "en")}
    assert [piece["code"] for piece in row["pieces"]] == [one.code for one in service.pieces]
    assert (row["fee"]["amount"], row["fee"]["currency"]) == ("120.50", "MAD")
    assert row["terms"]["norm_days"] == service.term.norm_days
    assert row["address"].endswith(f"/{CODE}/")
    assert service.title.fr in manage("services")


def test_an_exported_service_is_taken_in_again_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "type.toml"
    file.write_text(manage("service_type", "--export", CODE))
    assert CODE in manage("service_type", "--check", str(file))
    told = json.loads(manage("service_type", "--import", str(file), "--json"))
    assert told == {"code": CODE, "version": 1, "published": True}


def test_an_imported_service_is_a_draft_until_it_is_published(tmp_path: Path) -> None:
    file = tmp_path / "type.toml"
    file.write_text(as_toml(content_of(code="leak_alarm")))
    told = json.loads(manage("service_type", "--import", str(file), "--json"))
    assert told == {"code": "leak_alarm", "version": 1, "published": False}
    assert published("leak_alarm") is None
    manage("service_type", "--import", str(file), "--publish", "--to", "2999-01-01")
    found = published("leak_alarm")
    assert found
    assert found.version.published_to
    with pytest.raises(CommandError):
        manage("service_type", "--import", str(file), "--publish")


def test_what_is_wrong_with_a_file_stands_on_stderr_by_path(tmp_path: Path) -> None:
    file = tmp_path / "type.toml"
    file.write_text(as_toml(content_of(family="air", stages=[])))
    for deed in ("--check", "--import"):
        lines = refused("service_type", deed, str(file))
        assert [line.split(": ")[0] for line in lines] == ["family"]
    file.write_text("code = ")
    assert refused("service_type", "--check", str(file))[0].startswith("type: ")
    file.write_bytes(b"\xff")
    assert refused("service_type", "--check", str(file))


def test_codes_that_the_office_does_not_know_are_told(tmp_path: Path) -> None:
    file = tmp_path / "type.toml"
    file.write_text(as_toml(content_of(department="NO", kind="no", register="NO", child="no")))
    lines = refused("service_type", "--check", str(file))
    assert [line.split(": ")[0] for line in lines] == ["department", "kind", "register", "child"]


def test_what_is_not_there_is_said(tmp_path: Path, amina: User) -> None:
    for words in (
        ("--export", "none"),
        ("--check", str(tmp_path / "none.toml")),
        ("--import", "-", "--as", "nobody"),
    ):
        with pytest.raises((CommandError, SystemExit)):
            manage("service_type", *words)


def test_only_an_administrator_takes_a_file_in(tmp_path: Path, amina: User) -> None:
    file = tmp_path / "type.toml"
    file.write_text(as_toml(content_of(position=7)))
    with pytest.raises(CommandError, match="administrateur"):
        manage("service_type", "--import", str(file), "--as", amina.username)
