"""Run a command beside real services: python -m tests.services run [--postgres …] -- COMMAND…"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from tests.services.fleet import NAMES, OPTIONAL, running
from tests.services.java import LEAST_VERSION, java_home
from tests.services.process import die_with_parent

MISSING_SERVICE = 3
PATIENCE = 30.0


class StopRequestedError(Exception):
    """Somebody asked this run to end by the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def main(arguments: Sequence[str]) -> int:
    """Return the command's exit status; 3 when a service is missing and CI is set."""
    asked = _parser().parse_args(arguments)
    if asked.action == "java":
        home = java_home()
        print(home or f"no Java of {LEAST_VERSION} or later")
        return 0 if home else MISSING_SERVICE
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        return _run_beside(asked)
    except StopRequestedError as stop:
        return 128 + stop.number


def _run_beside(asked: argparse.Namespace) -> int:
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    if not command:
        print("services: no command was given after --", file=sys.stderr)
        return 2
    names = {name for name in NAMES if getattr(asked, name)}
    with running(names, durable=asked.durable) as services:
        status = _run(command, os.environ | services.environment)
    for name, reason in services.missing.items():
        print(
            f"services: {name} was missing, its tests did not run: {reason.splitlines()[0]}",
            file=sys.stderr,
        )
    needed = services.missing.keys() - OPTIONAL
    return status or (MISSING_SERVICE if needed and os.environ.get("CI") else 0)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command to its end; a signal that stops this run stops the command first."""
    # At a terminal the command shares our group: it may read keys, and Ctrl-C reaches it by itself.
    # Elsewhere it leads a group of its own, so that a signal reaches whatever it started.
    alone = not sys.stdin.isatty()
    child = subprocess.Popen(
        command,
        env=environment,
        preexec_fn=die_with_parent(signal.SIGTERM),
        process_group=0 if alone else None,
    )
    try:
        return child.wait()
    except StopRequestedError as stop:
        if alone:
            _signal_group(child, stop.number)
        elif stop.number != signal.SIGINT:  # a second one would cut the command's clean-up short
            child.send_signal(stop.number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        raise
    finally:
        if alone:
            _signal_group(child, signal.SIGKILL)
        child.kill()
        child.wait()


def _signal_group(leader: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, number)


def _stop(number: int, _frame: FrameType | None) -> None:
    for later in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(later, signal.SIG_IGN)  # one request is enough; the clean-up is bounded
    raise StopRequestedError(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("java", help=f"print the home of a Java of {LEAST_VERSION} or later")
    run = actions.add_parser("run", help="run a command beside services")
    for name in NAMES:
        run.add_argument(f"--{name}", action="store_true")
    run.add_argument("--durable", action="store_true", help="PostgreSQL syncs as in production")
    run.add_argument("command", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
