"""Imports of contracts and meters by their commands."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.demo_contracts import bring_contracts
from eservices.contracts import importing
from eservices.contracts.models import Contract, ContractEvent, ImportRun, Meter, RefusedLine
from tests.eservices.contracts.contracts import METER_HEADER, imported, table

pytestmark = pytest.mark.django_db

FATIMA = (
    "0010001;Fatima Bennis;person;f.bennis@exemple.ma;0661 23 45 67;fr;12, rue des Orangers;Settat;"
    "S1;water|electricity;active;2019-05-02;;K7M4-XQ2R"
)
OMAR = "10002;عمر العلوي;person;;;ar;;Settat;S2;water;active;;;"
CLOSED = OMAR.replace(";active;;;", ";closed;;2026-10-31;")


def test_contracts_are_imported_once(tmp_path: Path) -> None:
    """The same file again changes nothing; a delta changes what it holds."""
    path = table(tmp_path, FATIMA, OMAR)
    counts = {"lines": 2, "new": 2, "changed": 0, "same": 0, "refused": []}
    assert imported("import_contracts", path) == (counts, 0)
    before = list(Contract.objects.order_by("pk").values())
    assert imported("import_contracts", path) == ({**counts, "new": 0, "same": 2}, 0)
    assert list(Contract.objects.order_by("pk").values()) == before

    delta = table(tmp_path, CLOSED)
    assert imported("import_contracts", delta)[0]["changed"] == 1
    omar = Contract.objects.get(number_key="10002")
    assert (omar.status, str(omar.closed_on)) == ("closed", "2026-10-31")
    assert omar.made_at == before[1]["made_at"]
    event = ContractEvent.objects.get()
    assert (event.contract, event.kind) == (omar, "status")
    assert event.data["values"]["status"] == ["active", "closed"]


def test_a_contract_is_kept_as_it_is_written_and_found_by_its_keys(tmp_path: Path) -> None:
    """Keys are spelled one way; of the code a keyed hash alone is kept."""
    imported("import_contracts", table(tmp_path, FATIMA))
    row = Contract.objects.get()
    assert (row.number, row.number_key) == ("0010001", "10001")
    reach = {"email_key": "f.bennis@exemple.ma", "phone_key": "0661234567"}
    assert Contract.objects.get(**reach) == row
    assert row.services == ["water", "electricity"]
    assert len(row.access_hash) == 64
    assert "K7M4" not in str(Contract.objects.values())
    assert " fatima bennis " in row.name_key


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (FATIMA.replace("0010001", ""), "number"),
        (FATIMA.replace("0010001", "none"), "number"),
        (FATIMA.replace("Fatima Bennis", ""), "customer_name"),
        (FATIMA.replace("person", "shop"), "customer_type"),
        (FATIMA.replace("f.bennis@exemple.ma", "none"), "email"),
        (FATIMA.replace("0661 23 45 67", "none"), "phone"),
        (FATIMA.replace(";fr;", ";es;"), "language"),
        (FATIMA.replace("water|", "gas|"), "services"),
        (FATIMA.replace("active", "asleep"), "status"),
        (FATIMA.replace("2019-05-02", "02/05/2019"), "opened_on"),
        (FATIMA.replace("2019-05-02;", "2019-05-02;2018-01-01"), "closed_on"),
        (FATIMA.replace("K7M4-XQ2R", "K7"), "access_code"),
    ],
)
def test_a_refused_line_is_told_and_the_rest_is_in(tmp_path: Path, line: str, column: str) -> None:
    """With its number in the file and the column; the exit code says it."""
    report, status = imported("import_contracts", table(tmp_path, line, OMAR))
    assert (report["lines"], report["new"], status) == (2, 1, 1)
    (refused,) = report["refused"]
    assert refused["line"] == 2
    assert column in refused["reason"]
    assert Contract.objects.count() == 1


def test_all_mistakes_of_a_line_are_told_at_once(tmp_path: Path) -> None:
    """The line counts once, and who mends it need not bring the file again for each mistake."""
    wrong = ";;shop;none;;es;;;;gas;asleep;02/05/2019;2018;K7"
    report, status = imported("import_contracts", table(tmp_path, wrong, OMAR))
    assert (report["lines"], report["new"], status) == (2, 1, 1)
    (refused,) = report["refused"]
    for column in ("number", "customer_name", "customer_type", "email", "language", "services",
                   "status", "opened_on", "closed_on", "access_code"):  # fmt: skip
        assert refused["reason"].count(f"{column}\N{NO-BREAK SPACE}:") == 1, column
    assert RefusedLine.objects.count() == 1

    wrong = ";;gas;99;2026-10-03;2019;x;"
    report, _status = imported("import_meters", table(tmp_path, wrong, header=METER_HEADER))
    (refused,) = report["refused"]
    for column in ("serial", "contract", "service", "digits", "removed_on", "last_index"):
        assert refused["reason"].count(f"{column}\N{NO-BREAK SPACE}:") == 1, column


def test_a_dry_run_foresees_and_changes_nothing(tmp_path: Path) -> None:
    """A contract that is there twice is new once."""
    path = table(tmp_path, FATIMA, OMAR, CLOSED, FATIMA, "bad")
    report, status = imported("import_contracts", path, "--dry-run")
    assert not Contract.objects.exists()
    assert imported("import_contracts", path) == (report, status)
    assert [report[name] for name in ("lines", "new", "changed", "same")] == [5, 2, 1, 1]
    assert [run.dry_run for run in ImportRun.objects.order_by("started_at")] == [True, False]


def test_many_batches_come_to_one_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of a batch."""
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [OMAR.replace("10002", str(20000 + place)) for place in range(5)]
    report, _status = imported("import_contracts", table(tmp_path, *lines, "x", lines[0]))
    assert [report[name] for name in ("lines", "new", "changed", "same")] == [7, 5, 0, 1]
    run = ImportRun.objects.get()
    assert (run.lines, run.new, run.same, run.refused) == (7, 5, 1, 1)
    assert run.ended_at is not None
    assert len(run.sha256) == 64
    assert RefusedLine.objects.get().line == 7


def test_another_table_is_no_table_of_contracts(tmp_path: Path) -> None:
    """Exit code 2, in words, and the run is kept with the reason."""
    with pytest.raises(CommandError, match=r"manquantes.*customer_name") as error:
        call_command("import_contracts", table(tmp_path, header="number;name"))
    assert error.value.returncode == 2
    assert ImportRun.objects.get().problem == "columns"
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_contracts", str(tmp_path / "none.csv"))


def test_meters_belong_to_contracts(tmp_path: Path) -> None:
    """A meter without its contract is refused; removed and moved ones are in the histories."""
    imported("import_contracts", table(tmp_path, FATIMA, OMAR))
    water = "W1;10001;water;6;2019-05-02;;1250;2026-10-03"
    lines = [water, "W2;999;water;;;;;", "W3;0010002;water;4;;;10000;", "W4;10002;water;;;;;"]
    report, status = imported("import_meters", table(tmp_path, *lines, header=METER_HEADER))
    assert (report["new"], status) == (2, 1)
    assert [one["line"] for one in report["refused"]] == [3, 4]
    assert "999" in report["refused"][0]["reason"]
    meter = Meter.objects.get(serial="W1")
    assert (meter.contract.number, meter.digits, meter.last_index) == ("0010001", 6, 1250)
    assert Meter.objects.get(serial="W4").digits == 5

    removed = water.replace(";;1250", ";2026-11-01;1250")
    read = "W4;10002;water;;;;77;2026-11-02"
    report, _status = imported("import_meters", table(tmp_path, removed, read, header=METER_HEADER))
    assert report["changed"] == 2
    assert [event.kind for event in ContractEvent.objects.all()] == ["meter_removed"]
    moved = read.replace("10002", "10001")
    imported("import_meters", table(tmp_path, moved, header=METER_HEADER))
    assert Meter.objects.get(serial="W4").contract.number == "0010001"
    assert ContractEvent.objects.filter(kind="meter_moved").count() == 2


def test_the_contracts_of_the_demo_are_in_order() -> None:
    """None of their lines is refused, and again they change nothing."""
    said: list[str] = []
    for _again in range(2):
        bring_contracts(say=said.append)
    assert said == ["contracts: 5, meters: 8"] * 2
    assert not RefusedLine.objects.exists()
    assert ImportRun.objects.order_by("-started_at")[0].same == 8


def test_the_report_is_in_the_language_of_the_office(tmp_path: Path, capsys: Any) -> None:
    """Counts and refused lines, as the page of imports says them."""
    with pytest.raises(SystemExit):
        call_command("import_contracts", table(tmp_path, FATIMA, OMAR.replace("water", "gas")))
    told = capsys.readouterr()
    assert "nouvelles\N{NO-BREAK SPACE}: 1" in told.out
    assert "refusées\N{NO-BREAK SPACE}: 1" in told.out
    assert told.err.startswith("Ligne 3\N{NO-BREAK SPACE}: services")
