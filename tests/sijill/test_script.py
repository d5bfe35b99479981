"""The one script: what it promises in its help, and how it refuses."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.production.office import until

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "sijill"
COMMANDS = (
    *("demo", "setup", "up", "upgrade", "doctor", "backup", "restore"),
    *("test", "check", "bench", "screenshots", "manage", "help"),
)
SHELL_FILES = ("sijill", "tools/packages.sh", "tools/setup.sh", ".ci/run", "docker/make-secrets")


def run(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    told = run("help", folder=tmp_path)
    assert told.returncode == 0
    assert set(re.findall(r"^  \./sijill (\w+)", told.stdout, re.MULTILINE)) == set(COMMANDS)


def test_every_command_of_the_help_is_carried_out_by_the_script() -> None:
    carried_out = re.findall(r"^    ([\w-]+(?: \| [\w-]+)*)\)", SCRIPT.read_text(), re.MULTILINE)
    words = {word.strip() for line in carried_out for word in line.split("|")}
    assert set(COMMANDS) <= words


def test_without_a_command_the_help_is_shown() -> None:
    assert run().stdout == run("help").stdout


def test_an_unknown_command_is_refused_on_stderr_alone() -> None:
    refused = run("deom")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "unknown command 'deom'" in refused.stderr


def test_an_unknown_bench_is_refused_before_any_set_up() -> None:
    refused = run("bench", "no-such-bench")
    assert refused.returncode == 2
    assert "no benchmark 'no-such-bench'" in refused.stderr


def test_the_readers_bench_is_listed() -> None:
    assert "  reading" in run("bench", "--list").stdout.splitlines()


def test_the_script_works_through_a_link_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(SCRIPT)
    told = subprocess.run(
        [str(tmp_path / "link"), "help"], cwd=tmp_path, capture_output=True, check=False
    )
    assert told.returncode == 0


@pytest.mark.parametrize("name", SHELL_FILES)
def test_shell_files_parse_and_stop_at_unset_variables(name: str) -> None:
    parsed = subprocess.run(
        ["bash", "-n", ROOT / name], capture_output=True, text=True, check=False
    )
    assert parsed.returncode == 0, parsed.stderr
    sourced = name.endswith(".sh")
    assert sourced or re.search(r"^set -e?uo pipefail$", (ROOT / name).read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", ["sijill", ".ci/run", "docker/make-secrets", "docker/healthcheck"])
def test_scripts_may_be_executed(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def _stand_in(folder: Path, script: str) -> Path:
    """A .ci/run where this script stands in for all that it starts."""
    for name in (".ci/run", "sijill", ".venv/bin/python"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        source = (ROOT / name).read_text() if name == ".ci/run" else f"#!/bin/bash\n{script}\n"
        (folder / name).write_text(source)
        (folder / name).chmod(0o755)
    return folder / ".ci" / "run"


def _judged(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    command = [_stand_in(folder, script)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


STEPS = ("set-up", "checks", "tests, embedded", "tests, bare PATH", "tests, production services")


def test_all_that_must_hold_is_told_step_by_step(tmp_path: Path) -> None:
    judged = _judged(tmp_path, 'echo "begins: $*"; sleep 0.3; echo "ends: $*" >&2')

    told = judged.stdout.splitlines()
    asked = ("test setup", "check", "test embedded", "-m tools.bare_path", "test production")
    lines = [f"{when}: {what}" for what in asked for when in ("begins", "ends")]
    assert judged.returncode == 0
    assert [line for line in told if line.startswith(("begins", "ends"))] == lines
    heads = [line for line in told if re.fullmatch(r"════ \D+", line)]
    assert heads == [f"════ {name}" for name in STEPS]
    assert len([line for line in told if re.fullmatch(r"════ \D+: \d+ s", line)]) == len(STEPS)


@pytest.mark.parametrize(
    ("word", "step"), zip(("setup", "check", "embedded", "bare", "pro"), STEPS, strict=True)
)
def test_a_step_that_fails_fails_all_and_the_others_run(
    word: str, step: str, tmp_path: Path
) -> None:
    judged = _judged(tmp_path, f'echo "ran: $*"; [[ "$*" != *{word}* ]]')

    assert judged.returncode == 1
    assert judged.stdout.count("\nran: ") == len(STEPS)
    told = judged.stdout.split("\nFAILED: ")
    assert [line.splitlines()[0] for line in told[1:]] == [step]
    assert re.search(rf"^    ran: .*{word}", told[1], re.MULTILINE)  # its last words


def test_the_end_names_each_test_that_failed(tmp_path: Path) -> None:
    says = "FAILED tests/a.py::test_b - assert 1"
    script = f'[[ "$*" == "test production" ]] || exit 0; echo "{says}"; seq 100; exit 1'
    judged = _judged(tmp_path, script)

    assert judged.returncode == 1
    assert judged.stdout.endswith(f"\nFAILED: {STEPS[-1]}\n    {says}\n")


def test_a_run_that_is_ended_tells_the_last_words_of_all_steps(tmp_path: Path) -> None:
    script = """
        [[ "$*" == check || "$*" == "test setup" ]] && exit
        trap 'kill $!; sleep 0.5; echo "ended: $*"; exit 1' TERM
        sleep 60 &
        echo "begins: $*"
        touch "$(dirname "$0")/began-${*##* }"
        wait
    """
    command = [_stand_in(tmp_path, script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run_of_all:
        until(lambda: len(list(tmp_path.rglob("began-*"))) == 3, seconds=60)
        run_of_all.terminate()
        told = run_of_all.communicate(timeout=60)[0].splitlines()
    assert run_of_all.returncode == 143
    for asked in ("test embedded", "-m tools.bare_path", "test production"):
        assert told.count(f"begins: {asked}") == told.count(f"ended: {asked}") == 1
