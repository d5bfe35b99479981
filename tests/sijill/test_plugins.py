"""A run tells what was skipped and what is flaky, and fails for what it must."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.groups import WORTH

pytestmark = pytest.mark.slow  # each runs pytest in processes of its own
ROOT = Path(__file__).resolve().parents[2]
INI = """[pytest]
addopts = -p xdist -p tests.plugins.wanting -p tests.plugins.second_chance -p tests.plugins.groups
    -p tests.plugins.sendable
markers =
    browser: a browser
"""
GROUPED = """
import os, pathlib, pytest

pytestmark = pytest.mark.{mark}("{group}")

@pytest.mark.parametrize("n", range(4))
def test_it(n):
    worker = os.environ["PYTEST_XDIST_WORKER"]
    pathlib.Path(__file__).with_name(f"{group}-{{worker}}-{{n}}-{name}").touch()
"""
UNSENDABLE = """
import logging, pytest

@pytest.mark.parametrize("right", (True, False))
def test_it(right):
    logging.getLogger().warning("half \\udcff")
    assert right, "half \\ud800"
"""
FLAKY = """
import pathlib, pytest

{marks}
@pytest.mark.parametrize("n", range({count}))
def test_flaky(n):
    seen = pathlib.Path(__file__).with_name(f"seen{{n}}")
    known = seen.exists()
    seen.touch()
    assert known
"""


def run(folder: Path, body: str, *arguments: str, **more: str) -> tuple[int, str]:
    (folder / "pytest.ini").write_text(INI)
    (folder / "test_it.py").write_text(body)
    known = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "CI", "SIJILL_"))}
    known.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        # Plugins that no trial needs cost each of its processes half a second.
        env=known | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | more,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_flaky_test_of_a_browser_is_green_and_named(tmp_path: Path, processes: str) -> None:
    body = FLAKY.format(marks="@pytest.mark.browser", count=1)
    status, said = run(tmp_path, body, "-n", processes)
    assert status == 0, said
    assert "FLAKY test_it.py::test_flaky[0]: failed (call), then passed alone" in said
    assert "    E       assert False" in said
    assert "1 flaky" in said


def test_four_flaky_tests_fail_the_run(tmp_path: Path) -> None:
    status, said = run(tmp_path, FLAKY.format(marks="@pytest.mark.browser", count=4))
    assert status == 1
    assert said.count("FLAKY test_it.py") == 4
    assert "the run fails" in said


def test_a_test_without_the_mark_has_no_second_chance(tmp_path: Path) -> None:
    status, said = run(tmp_path, FLAKY.format(marks="", count=1))
    assert status == 1
    assert "FLAKY" not in said


@pytest.mark.parametrize("where", [{"SIJILL_PROFILE": "production"}, {"CI": "true"}])
def test_beside_real_servers_and_in_ci_every_test_has_one(
    tmp_path: Path, where: dict[str, str]
) -> None:
    body = FLAKY.format(marks="", count=1)
    status, said = run(tmp_path, body, **where)
    assert status == 0, said
    assert "1 flaky" in said


def test_what_fails_twice_fails_the_run_beside_a_flaky_one(tmp_path: Path) -> None:
    body = FLAKY.format(marks="@pytest.mark.browser", count=1)
    body += "\n@pytest.mark.browser\ndef test_red():\n    assert False\n"
    status, said = run(tmp_path, body)
    assert status == 1
    assert "1 failed, 1 flaky" in said


SKIPS = """
import pytest
from tests.plugins.wanting import wanting

@pytest.mark.parametrize("n", range(3))
def test_service(n):
    wanting("no server here")

def test_other():
    pytest.skip("another database")
"""


def test_each_cause_of_skips_is_one_line_with_its_count(tmp_path: Path) -> None:
    status, said = run(tmp_path, SKIPS)
    assert status == 0
    assert "    3  no server here\n    1  another database\n" in said


def test_with_ci_nothing_is_skipped_for_want_of_something(tmp_path: Path) -> None:
    status, said = run(tmp_path, SKIPS, CI="true")
    assert status == 1
    assert "3 failed, 1 skipped" in said
    assert "missing, and CI is set: no server here" in said


def test_the_files_of_a_group_run_in_one_process(tmp_path: Path) -> None:
    for name, group in (("one", "office"), ("two", "office"), ("three", "pages")):
        body = GROUPED.format(mark="xdist_group", group=group, name=name)
        (tmp_path / f"test_{name}.py").write_text(body)
    status, said = run(tmp_path, "def test_alone(): pass", "-n", "2", "--dist", "loadgroup")
    assert status == 0, said
    ran = {group: [*tmp_path.glob(f"{group}-*")] for group in ("office", "pages")}
    assert [len(files) for files in ran.values()] == [8, 4]
    for group, files in ran.items():
        assert len({path.name.split("-")[1] for path in files}) == 1, group


BROWSERS = """
import os, pathlib, pytest

BROWSERS = {count}

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

@pytest.mark.parametrize("n", range(BROWSERS))
def test_in_a_browser(n):
    worker = os.environ["PYTEST_XDIST_WORKER"]
    pathlib.Path(__file__).with_name(f"browser-{{worker}}-{{n}}").touch()
"""
OTHERS = """
import os, pathlib, time, pytest
from test_with_browsers import BROWSERS

HERE = pathlib.Path(__file__).parent

@pytest.mark.parametrize("n", range(8))
def test_begins_when_browsers_ran(n):
    until = time.monotonic() + 900  # a trial that hangs is told as one
    while len([*HERE.glob("browser-*")]) < BROWSERS:
        assert time.monotonic() < until, "browsers wait for the others"
        time.sleep(0.05)
    (HERE / f"other-{os.environ['PYTEST_XDIST_WORKER']}-{n}").touch()
"""


def test_of_three_processes_one_drives_browsers_from_the_beginning_and_nothing_else(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_with_browsers.py").write_text(BROWSERS.format(count=WORTH))
    status, said = run(tmp_path, OTHERS, "-n", "3", "--dist", "loadgroup")
    assert status == 0, said
    browsers, others = (
        [path.name.split("-")[1] for path in tmp_path.glob(f"{what}-*")]
        for what in ("browser", "other")
    )
    assert (len(browsers), len(others)) == (WORTH, 8)
    assert len(set(browsers)) == 1
    # Which one: whoever was ready last.
    assert set(others) == {"gw0", "gw1", "gw2"} - set(browsers)


def test_a_single_browser_keeps_no_process_from_the_others(tmp_path: Path) -> None:
    """Each process is given two tests at once, so all three run some, however quick they are."""
    (tmp_path / "test_with_browsers.py").write_text(BROWSERS.format(count=1))
    body = GROUPED.format(mark="usefixtures", group="tmp_path", name="other")
    status, said = run(tmp_path, body, "-n", "3", "--dist", "loadgroup")
    assert status == 0, said
    others = {path.name.split("-")[1] for path in tmp_path.glob("tmp_path-*")}
    assert others == {"gw0", "gw1", "gw2"}


def test_three_processes_share_what_drives_no_browser(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        body = GROUPED.format(mark="xdist_group", group=name, name=name)
        (tmp_path / f"test_{name}.py").write_text(body)
    status, said = run(tmp_path, "def test_alone(): pass", "-n", "3", "--dist", "loadgroup")
    assert status == 0, said
    assert {path.name.split("-")[1] for path in tmp_path.glob("*-gw*")} == {"gw0", "gw1", "gw2"}


COMPILED = """
import os, pathlib, pytest

ran = pathlib.Path(__file__).with_name(os.environ["PYTEST_XDIST_WORKER"] + ".order")
with ran.open("a") as file:
    file.write("{name} ")
{more}

def test_it():
    assert "assert" in pathlib.Path(__file__).read_text()
"""


@pytest.mark.parametrize(
    ("profile", "orders"),
    [
        ("embedded", {"gw0": "a b c d ", "gw1": "b c d a "}),
        ("production", {"gw0": "c d a b ", "gw1": "d a b c "}),
    ],
)
def test_each_process_begins_to_compile_elsewhere(
    tmp_path: Path, profile: str, orders: dict[str, str]
) -> None:
    tests = tmp_path / "trials"
    tests.mkdir()
    (tests / "__init__.py").touch()
    for name in "abcd":
        more = 'pytest.skip("not here", allow_module_level=True)' if name == "d" else ""
        (tests / f"test_{name}.py").write_text(COMPILED.format(name=name, more=more))
    whole = ("-p", "tests.plugins.compiling", "-o", "testpaths=trials", "-n", "2", "--rootdir", ".")
    status, said = run(tmp_path, "", *whole, SIJILL_PROFILE=profile)
    assert status == 0, said
    assert "3 passed" in said
    for process, order in orders.items():
        # What a file skips at its head is imported again when it is collected.
        assert (tests / f"{process}.order").read_text().startswith(order)
    assert len([*(tests / "__pycache__").glob("test_a*pytest*.pyc")]) == 1


def test_what_is_no_utf8_stops_no_run(tmp_path: Path) -> None:
    status, said = run(tmp_path, UNSENDABLE, "-n", "1")
    assert status == 1
    assert "1 failed, 1 passed" in said, said
    assert "AssertionError: half \\ud800" in said
