"""Approved readings go to billing once, by id; what billing refuses comes back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from eservices.readings.deciding import approve, decline
from eservices.readings.models import Reading
from tests.eservices.contracts.contracts import imported
from tests.eservices.readings.readings import a_read_meter, a_reading, reader, sent, today
from tests.factories import drain

pytestmark = pytest.mark.django_db
PERIOD = "2026-11"
HEADER = ["meter", "contract", "period", "index", "read_on", "source", "reading_id"]


def _export(folder: Path, *more: str, period: str = PERIOD) -> tuple[list[list[str]], Any]:
    path, said = folder / "readings.csv", io.StringIO()
    call_command("export_readings", "--period", period, str(path), "--json", *more, stdout=said)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"))
    assert rows[0] == HEADER
    return rows[1:], json.loads(said.getvalue())


def _results(folder: Path, *lines: str, more: tuple[str, ...] = ()) -> tuple[dict[str, Any], int]:
    path = folder / "results.csv"
    text = "".join(f"{line}\n" for line in ("reading_id;result;reason", *lines))
    path.write_text(text, encoding="utf-8")
    return imported("import_reading_results", str(path), *more)


def _approved(number: str = "1000001", **fields: Any) -> Reading:
    meter = a_read_meter(number)
    return a_reading(meter, state="approved", period=PERIOD, read_on="2026-11-20", **fields)


def test_each_approved_reading_of_the_period_is_handed_over_once(tmp_path: Path) -> None:
    first = _approved()
    a_reading(a_read_meter("1000002"), period=PERIOD)  # not decided
    a_reading(a_read_meter("1000003"), period="2026-10", state="approved")
    rows, told = _export(tmp_path)
    assert rows == [["WM1000001", "1000001", PERIOD, "1215", "2026-11-20", "portal", str(first.pk)]]
    assert (told["period"], told["count"]) == (PERIOD, 1)
    first.refresh_from_db()
    assert first.state == "exported"
    assert _export(tmp_path)[0] == []
    assert _export(tmp_path, "--again", str(told["export"]))[0] == rows


def test_a_file_that_cannot_be_written_hands_nothing_over(tmp_path: Path) -> None:
    reading = _approved()
    with pytest.raises(CommandError):
        call_command("export_readings", "--period", PERIOD, str(tmp_path / "none" / "a.csv"))
    with pytest.raises(CommandError):
        call_command("export_readings", "--period", "2026-13", str(tmp_path / "a.csv"))
    reading.refresh_from_db()
    assert reading.state == "approved"
    assert list(tmp_path.iterdir()) == []


def test_refused_lines_come_back_with_their_reason(tmp_path: Path) -> None:
    good, bad, never = _approved("1000001"), _approved("1000002"), _approved("1000003")
    _export(tmp_path)
    Reading.objects.filter(pk=never.pk).update(state="approved", export=None)
    lines = [
        f"{good.pk};accepted;",
        f"{bad.pk};refused;Compteur inconnu",
        f"{never.pk};accepted;",
        "17;accepted;",
        f"{good.pk};perhaps;",
        f"{good.pk};refused;",
    ]
    dry, _status = _results(tmp_path, *lines, more=("--dry-run",))
    report, status = _results(tmp_path, *lines)
    assert dry == report
    assert status == 1
    assert {name: report[name] for name in ("lines", "new", "changed", "same")} == {
        "lines": 6, "new": 2, "changed": 0, "same": 0,
    }  # fmt: skip
    assert [line["line"] for line in report["refused"]] == [4, 5, 6, 7]
    bad.refresh_from_db()
    assert (bad.state, bad.result_reason) == ("returned", "Compteur inconnu")
    again, status = _results(tmp_path, *lines[:2])
    assert (again["same"], again["new"], again["refused"], status) == (2, 0, [], 0)


def test_what_came_back_is_handed_over_again_or_declined(
    tmp_path: Path, mailoutbox: list[Any]
) -> None:
    reading = sent(a_read_meter(), 1215).readings.get()
    period = f"{today():%Y-%m}"
    _export(tmp_path, period=period)
    _results(tmp_path, f"{reading.pk};refused;Index déjà facturé")
    approve(reading.pk, actor=reader())
    assert [row[-1] for row in _export(tmp_path, period=period)[0]] == [str(reading.pk)]
    _results(tmp_path, f"{reading.pk};rejected;Encore")
    decline(reading.pk, actor=reader(), reason="implausible")
    drain("reading.tell")
    assert "/readings/again/" in mailoutbox[-1].body
    assert "fatima@example.ma" in mailoutbox[-1].to
