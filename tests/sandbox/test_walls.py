"""A confined child reads what it was given, and whatever else it tries is refused."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.process import ROOT, ChildDied, SandboxedProcess
from sandbox.strength import HOLDING, holds_nothing, missing_walls

THAT = "tests.sandbox.child_that"
NEEDED = sorted(HOLDING & set(missing_walls() or HOLDING))
whole = pytest.mark.skipif(bool(NEEDED), reason=f"this system lacks {', '.join(NEEDED)}")


@whole
def test_whatever_it_tries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    office = tmp_path / "office"
    office.mkdir()
    secret = office / "office.sqlite3"
    secret.write_bytes(b"SQLite format 3")
    given = tmp_path / "letter.pdf"
    given.write_bytes(b"%PDF")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_server(str(office / "socket"), family=socket.AF_UNIX),
    ):
        arguments = [str(secret), str(office), str(server.getsockname()[1]), str(given)]
        for programs in ([], ["/bin/true"]):
            with SandboxedProcess(
                THAT, ["tries", *arguments], reads=[given], programs=programs
            ) as child:
                said = json.loads(child.everything(20))
            allowed = [deed for deed, how in said.items() if how == "done"]
            assert allowed == ["reads what it was given", "writes in its own folder"], said
    assert secret.read_bytes() == b"SQLite format 3"
    assert sorted(path.name for path in office.iterdir()) == ["office.sqlite3", "socket"]


@whole
def test_it_starts_no_process_and_no_program_but_those_it_was_given() -> None:
    with SandboxedProcess(THAT, ["forks often"]) as child:
        assert child.everything(20) == b"0\n"
    python = os.path.realpath(sys.executable)
    with SandboxedProcess(THAT, ["runs", python], programs=[python]) as child:
        assert child.everything(20).endswith(b"0\n")


@whole
@pytest.mark.skipif(os.geteuid() == 0, reason="the kernel counts no processes of root")
def test_programs_start_no_thousand_processes() -> None:
    with SandboxedProcess(THAT, ["forks often"], programs=["/bin/true"]) as child:
        assert int(next(iter(child.lines()))) < 100


@whole
def test_one_that_looks_into_another_process_is_ended() -> None:
    with SandboxedProcess(THAT, ["peeks"]) as child:
        assert child.everything(20) == b""
        assert child.status(5) == -signal.SIGSYS
        with pytest.raises(ChildDied, match="SIGSYS"):
            list(child.lines())


def test_what_is_missing_is_said() -> None:
    assert holds_nothing() == (set(missing_walls() or ()) >= HOLDING)


def test_a_child_that_was_too_slow_has_tried_nothing() -> None:
    assert missing_walls(THAT, seconds=0.0) is None
    assert set(missing_walls(THAT) or ()) == HOLDING  # tried again, it ends without an answer


# A system that knows neither Landlock nor namespaces of ordinary users, as plain containers are.
POOR = """
import errno, json
from sandbox.seccomp import _errno, _Filter
from sandbox.walls import Plan, build_walls
poor = _Filter()
poor.add(_errno(errno.ENOSYS), "landlock_create_ruleset")
poor.add(_errno(errno.EPERM), "unshare")
poor.load()
print(json.dumps(build_walls(Plan())))
try:
    __import__("os").fork()
except OSError:
    print("refused")
"""


@whole
def test_each_wall_stands_without_the_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", POOR], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ['["namespaces", "landlock"]', "refused"]
