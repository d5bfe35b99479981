"""The bill of materials names what an office runs on, and follows the standard's schema."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from packaging.utils import canonicalize_name

from tools import sbom

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bill() -> str:
    return JsonV1Dot6(sbom.bill()).output_as_string()


def test_it_is_valid_cyclonedx(bill: str) -> None:
    # Its grammars of addresses cost whoever imports it a second.
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_it_names_every_requirement_and_none_of_the_tests(bill: str) -> None:
    told = {
        canonicalize_name(part["name"]): part.get("version")
        for part in json.loads(bill)["components"]
    }
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [re.match(r"([\w.-]+)(?:\[.*\])?==(\S+)", line) for line in lines]
    wanted = {canonicalize_name(found[1]): found[2] for found in pins if found}
    assert {name: told.get(name) for name in wanted} == wanted
    assert "kombu" in told, "what they bring along too"
    assert "fido2" in told, "and what their extras bring"
    assert not {"pytest", "mypy", "schemathesis"} & set(told)
    assert {"postgres", "elasticsearch", "tesseract-ocr-ara"} <= set(told)


def test_a_path_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sbom.main([str(tmp_path / "nowhere" / "bill.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err
