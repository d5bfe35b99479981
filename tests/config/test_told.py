"""What a start tells, as LOG_FORMAT has it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def started(folder: Path, **given: str) -> list[str]:
    """Return what a worker says until it works."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT, env={**kept, "DATA_DIR": str(folder), **given},
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    lines: list[str] = []
    try:
        assert worker.stderr is not None
        for line in worker.stderr:
            lines.append(line.rstrip("\n"))
            if line == "working\n" or '"message": "working"' in line:
                break
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate()
    return lines


def test_each_line_of_a_start_is_an_object_where_logs_are_json(tmp_path: Path) -> None:
    """A setting that is nearly named like one is told, as are the walls that are missing."""
    lines = started(tmp_path, LOG_FORMAT="json", SMS_URLS="x")
    told = [json.loads(line) for line in lines]
    said = [each["message"] for each in told if each["logger"] == "config.start"]
    assert said[0].startswith("Sijill: SMS_URLS")
    assert said[-1] == "working"
    assert all(each["time"] and each["level"] for each in told)


def test_the_same_lines_are_plain_without_it(tmp_path: Path) -> None:
    lines = started(tmp_path, SMS_URLS="x")
    assert lines[0].startswith("Sijill: SMS_URLS"), lines
    assert lines[-1] == "working", lines
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[-1])
