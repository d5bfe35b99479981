"""Every command that takes a file or a folder refuses a bad one in a line, with exit 2."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError

from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]

READS_A_FILE = {
    "deposit": ["{}"],
    "deposit --each": ["--each", "--key", "k", "{}"],
    "read_file": ["{}"],
    "read_file --json": ["{}", "--json"],
    "understand_file": ["{}"],
    "import_contacts": ["{}"],
    "rules": ["--import", "{}"],
    "restore": ["/nowhere", "--identity", "{}"],
    "grant_database": ["--url-file", "{}"],
    "grant_vault": ["--url-file", "{}"],
    "make_vault": ["--grant", "{}"],
    "verify_register": ["--no-files", "--roots", "{}"],
    "read_archive_package": ["{}"],
}
WRITES_A_FILE = {
    "print_sheets": ["{}", "--force"],
    "rules": ["--export", "{}"],
    "backup": ["--make-identity", "{}"],
}
WRITES_A_FOLDER = {
    "export_line_truth": ["{}"],
    "export_proof": ["{}"],
    "write_archive_package": ["{}", "2020/IN/000001"],
}
OURS = {"config", "web", "ocr", "routing", "search", "channels", "registry", "org", "jobs"}
ALL = [*READS_A_FILE.items(), *WRITES_A_FILE.items(), *WRITES_A_FOLDER.items()]


def missing(folder: Path) -> Path:
    return folder / "nowhere" / "file"


def a_folder(folder: Path) -> Path:
    return folder


def looped(folder: Path) -> Path:
    """Unreadable for everybody, an administrator too."""
    path = folder / "loop"
    path.symlink_to(path)
    return path


def below_a_file(folder: Path) -> Path:
    (folder / "plain").write_text("")
    return folder / "plain" / "file"


def refused(name: str, arguments: list[str], path: Path) -> tuple[int, str]:
    """Exit status and what was said on stderr."""
    out, err = StringIO(), StringIO()
    words = [word.replace("{}", str(path)) for word in arguments]
    try:
        call_command(name.split()[0], *words, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as end:
        return int(end.code or 0), err.getvalue()
    return 0, err.getvalue()


@pytest.mark.parametrize("bad", [missing, a_folder, looped, below_a_file])
@pytest.mark.parametrize(("name", "arguments"), ALL, ids=[name for name, _ in ALL])
def test_a_bad_path_is_a_line_and_exit_2(
    name: str, arguments: list[str], bad: Callable[[Path], Path], tmp_path: Path
) -> None:
    if name in WRITES_A_FOLDER and bad in (missing, a_folder):
        return  # made where it is missing
    path = bad(tmp_path)
    status, said = refused(name, arguments, path)
    assert status == 2
    assert len(said.strip().splitlines()) == 1, said
    assert "Error" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rules", ["--import", "{}"]),
        ("import_contacts", ["{}"]),
        ("figures", ["--from", "2026-13"]),
    ],
)
def test_what_cannot_be_understood_is_a_line_and_exit_2(
    name: str, arguments: list[str], tmp_path: Path
) -> None:
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(128, 256)) * 4)
    status, said = refused(name, arguments, noise)
    assert status == 2
    assert len(said.strip().splitlines()) == 1, said


def test_no_command_with_a_path_is_left_out() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}
    taking = set()
    for name in ours:
        parser = load_command_class(get_commands()[name], name).create_parser("manage", name)
        for action in parser._actions:
            words = {action.dest.rstrip("s"), str(action.metavar or "").lower()}
            if action.type is Path or words & {"file", "folder", "path"}:
                taking.add(name)
    assert taking == {name.split()[0] for name, _ in ALL}


def test_print_sheets_leaves_a_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "lettre.pdf"
    target.write_bytes(b"the only copy")
    status, said = refused("print_sheets", ["{}"], target)
    assert (status, target.read_bytes()) == (2, b"the only copy")
    assert "--force" in said
    assert refused("print_sheets", ["{}", "--force"], target)[0] == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_without_its_reader_read_file_says_so_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture_bytes("Monsieur le Directeur"))
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "read_file", "a.png", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path), "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["pages"][0]["problem"] == "engine"
    assert len(done.stderr.strip().splitlines()) == 1
