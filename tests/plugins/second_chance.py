"""Run tests of browsers, services and whole offices once more, alone, when they fail.

In the production profile these are all tests, since each shares servers with others. Where a run
decides whether a change lands (CI), they are all as well: thousands of tests share an interpreter,
whose collector may end what one has left behind in the midst of another. Each runs in a process of
its own, after all others. One that is green then counts as green, and is told as FLAKY; more than
three of them fail the run, as does every other failure.
"""

import os
import subprocess
import sys
from typing import Any

import pytest

MARKS = ("browser", "production", "whole_office")
EVERY_TEST = os.environ.get("SIJILL_PROFILE") == "production" or bool(os.environ.get("CI"))
MOST_FLAKY = 3
MOST_TRIED = 10  # more failures than these are no accident: nothing is run again
SECONDS = 900
REASON = 12  # lines told of why a flaky test failed
INNER = "SIJILL_SECOND_CHANCE"  # set in the process that runs one test again


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that a person started gives second chances."""
    if not (hasattr(config, "workerinput") or os.environ.get(INNER)):
        config.pluginmanager.register(SecondChance(config), "second_chance_of_this_run")


class SecondChance:
    """What failed, and what became of it alone."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.failed: dict[str, Any] = {}
        self.others = 0
        self.flaky: list[tuple[str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep each failure; also one of set-up or of tidying up."""
        if not report.failed:
            return
        if EVERY_TEST or any(mark in report.keywords for mark in MARKS):
            self.failed.setdefault(report.nodeid, report)
        else:
            self.others += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Run them again, and set the run's status by what is left."""
        if not self.failed or len(self.failed) > MOST_TRIED:
            return
        for nodeid, report in self.failed.items():
            if self._passes_alone(nodeid):
                self.flaky.append((nodeid, report.when))
                self._forgive(nodeid)
        red = self.others or len(self.flaky) < len(self.failed) or len(self.flaky) > MOST_FLAKY
        if not red and session.exitstatus == pytest.ExitCode.TESTS_FAILED:
            session.exitstatus = pytest.ExitCode.OK

    def _passes_alone(self, nodeid: str) -> bool:
        root = self.config.rootpath
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
        command += ["--rootdir", str(root)]
        if self.config.inipath:
            command += ["-c", str(self.config.inipath)]
        environment = os.environ | {INNER: "1"}
        try:
            done = subprocess.run(
                [*command, nodeid],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == pytest.ExitCode.OK

    def _forgive(self, nodeid: str) -> None:
        """Count the test as flaky in the last line, no longer as failed."""
        reporter: Any = self.config.pluginmanager.get_plugin("terminalreporter")
        stats = reporter.stats
        for outcome in ("failed", "error"):
            mine = [row for row in stats.get(outcome, []) if row.nodeid == nodeid]
            if mine:
                stats[outcome] = [row for row in stats[outcome] if row.nodeid != nodeid]
                stats.setdefault("flaky", []).extend(mine)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name each flaky test with both outcomes."""
        if not self.flaky:
            return
        terminalreporter.section("flaky")
        for nodeid, when in self.flaky:
            terminalreporter.write_line(f"FLAKY {nodeid}: failed ({when}), then passed alone")
            for line in _reason(self.failed[nodeid]):
                terminalreporter.write_line(f"    {line}")
        if len(self.flaky) > MOST_FLAKY:
            terminalreporter.write_line(
                f"{len(self.flaky)} flaky tests are more than {MOST_FLAKY}: the run fails"
            )


def _reason(report: Any) -> list[str]:
    """Return the lines of a failure that say what was wrong."""
    lines = str(report.longreprtext).splitlines()
    return [line for line in lines if line.startswith("E ")][:REASON] or lines[-REASON:]
