"""A confined child that forks, allocates, sleeps, writes without end or dies hurts nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.process import ROOT, ChildDied, OutputTooLarge, SandboxedProcess

THAT = "tests.sandbox.child_that"
PARENT = """
import time
from sandbox.process import SandboxedProcess
child = SandboxedProcess("tests.sandbox.child_that", ["forks and stays", {path!r}])
time.sleep(300)
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs still; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def soon(condition: object, seconds: float = 10.0) -> bool:
    """Whether it comes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_it_answers_line_by_line_and_leaves_nothing() -> None:
    with SandboxedProcess(THAT, ["echoes"]) as child:
        scratch, pid = child.scratch, child.pid
        child.ask("سلام")
        assert next(iter(child.lines())).decode() == "سلام"
        child.feed(b"y" * 60_000 + b"\nend\n")
        assert [len(line) for line in child.await_lines(10)] == [60_000, 3]
        assert child.status(10) == 0
    assert not scratch.exists()
    assert not is_alive(pid)


def test_what_it_forked_ends_with_it() -> None:
    with SandboxedProcess(THAT, ["forks"]) as child:
        sleeper = int(next(iter(child.lines())))
        assert is_alive(sleeper)
        with pytest.raises(ChildDied) as died:  # the sleeper holds its stdout
            child.everything(0.5)
    assert died.value.code == "timeout"
    assert soon(lambda: not is_alive(sleeper))


@pytest.mark.parametrize("deed", ["allocates", "dies", "counts", "writes a file"])
def test_one_that_is_ended_by_its_limits_or_a_signal_says_nothing(deed: str) -> None:
    with SandboxedProcess(THAT, [deed]) as child:
        assert child.everything(20) == b""
        code = child.status(5)
        with pytest.raises(ChildDied) as died:
            list(child.lines())
    assert code != 0
    assert died.value.code == "crashed"
    ended_by = {"dies": "SIGSEGV", "counts": "SIGXCPU", "allocates": "status 1"}
    assert ended_by.get(deed, "") in str(died.value)


def test_one_that_sleeps_is_not_waited_for() -> None:
    began = time.monotonic()
    with SandboxedProcess(THAT, ["sleeps"]) as child, pytest.raises(ChildDied) as died:
        child.everything(0.5)
    assert died.value.code == "timeout"
    with SandboxedProcess(THAT, ["sleeps"]) as child, pytest.raises(ChildDied):
        list(child.await_lines(0.3))
    with SandboxedProcess(THAT, ["sleeps"]) as child, pytest.raises(ChildDied):
        child.status(0.3)
    with SandboxedProcess(THAT, ["sleeps"]) as child, pytest.raises(ChildDied):
        child.feed(b"x" * 1_000_000, seconds=0.3)
    assert time.monotonic() - began < 10


def test_one_that_writes_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    with SandboxedProcess(THAT, ["writes"]) as child, pytest.raises(OutputTooLarge):
        child.everything(20, most=1_000_000)
    monkeypatch.setattr("sandbox.process.MOST_SAID", 1_000_000)
    with SandboxedProcess(THAT, ["writes"]) as child, pytest.raises(OutputTooLarge) as died:
        list(child.await_lines(20))
    assert died.value.code == "crashed"


def test_it_knows_no_secret_and_what_it_mutters_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setenv("OCR_MODELS_DIR", "/models")
    with SandboxedProcess(THAT, ["tells"], kept=["OCR_MODELS_DIR"]) as child:
        said = child.everything(10).decode()
    assert "SECRET_KEY" not in said
    assert "OCR_MODELS_DIR" in said
    assert said.endswith("True\n")
    assert "secret" not in capfd.readouterr().err


def test_a_parent_that_is_killed_takes_child_and_grandchild_with_it(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    parent = subprocess.Popen([sys.executable, "-c", PARENT.format(path=str(told))], cwd=ROOT)
    try:
        assert soon(lambda: told.exists() and len(told.read_text().split()) == 2)
        pids = [int(pid) for pid in told.read_text().split()]
        assert all(is_alive(pid) for pid in pids)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    assert soon(lambda: not any(is_alive(pid) for pid in pids))
