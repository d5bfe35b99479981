"""Tables of bills as the billing system writes them, and the commands that read them, for tests."""

import io
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command

HEADER: Final = (
    "number;contract;service;period_from;period_to;issued_on;due_on;previous_index;index;"
    "estimated;total;remaining;currency;pdf"
)
LINE: Final[Mapping[str, str]] = {
    "number": "F2026-1",
    "contract": "1000001",
    "service": "water",
    "period_from": "2026-10-01",
    "period_to": "2026-10-31",
    "issued_on": "2026-11-05",
    "due_on": "2026-11-25",
    "previous_index": "1204",
    "index": "1222",
    "estimated": "false",
    "total": "128.40",
    "remaining": "128.40",
    "currency": "MAD",
    "pdf": "",
}


def line(**changes: str) -> str:
    """Return a line of the table, with some of its values changed."""
    return ";".join({**LINE, **changes}.values())


def table(folder: Path, *lines: str, name: str = "bills.csv") -> Path:
    """Write a table."""
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def run_json(command: str, *arguments: Any) -> dict[str, Any]:
    """Run a command with --json and return what it says, with the exit code as `exit`."""
    out, code = io.StringIO(), 0
    try:
        call_command(command, *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    with suppress(json.JSONDecodeError):
        return {**json.loads(out.getvalue()), "exit": code}
    raise AssertionError(out.getvalue())


def imported(folder: Path, *lines: str, **more: Any) -> dict[str, Any]:
    """Import a table of these lines."""
    return run_json("import_bills", table(folder, *lines), *more.get("options", ()))
