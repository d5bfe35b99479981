"""What the bench of hostile files counts: which files, why refused, which process was largest."""

import subprocess
import sys
from pathlib import Path

from benches._process_peaks import Peaks, program_of
from benches.hostile_office import files_of, mutated, refusal_of

HOLDS = """
import sys
held = b"x" * 60_000_000
held = None
print("ready", flush=True)
sys.stdin.readline()
"""


def test_each_so_many_th_file_is_taken_and_no_list_of_them(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.pdf", "b.eml", "deep/c.png", "manifest.csv", "SOURCE.md"):
        (tmp_path / name).write_bytes(name.encode())
    assert [name for name, _content in files_of([tmp_path], 1)] == ["a.pdf", "b.eml", "c.png"]
    assert [*files_of([tmp_path], 2)] == [("a.pdf", b"a.pdf"), ("c.png", b"deep/c.png")]


def test_the_same_seed_changes_the_same_files() -> None:
    first, again, other = ([*mutated(3, seed)] for seed in (1, 1, 2))
    assert first == again
    assert [name for name, _content in first] == [name for name, _content in other]
    assert first != other


def test_a_refusal_is_told_by_its_code() -> None:
    told = {"error": {"code": "files_refused", "refusals": [{"code": "damaged"}]}}
    assert refusal_of(told) == "damaged"
    assert refusal_of({"error": {"code": "too_many"}}) == "too_many"
    assert refusal_of({"text": "?"}) == ""


def test_the_most_that_a_process_has_held_is_known_after_it_was_freed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        peaks = Peaks(process.pid)
        peaks.look()
        process.communicate(b"\n")
    [(_name, peak)] = peaks.rows()
    assert 60_000_000 < peak.bytes < 300_000_000


def test_a_program_is_named_by_module_and_command_or_by_itself() -> None:
    assert program_of(["/a/python", "-m", "ocr.child", "read", "/x"]) == ("ocr.child read")
    assert program_of(["/a/python3.11", "/b/manage.py", "up"]) == "manage.py up"
    assert program_of(["/usr/bin/tesseract", "/x", "-l"]) == "tesseract"
    assert program_of([]) == ""
