"""`./sijill check [NAME…]`: run every check, report every failure; any failure fails.

As many run at once as there are processors; the output of each is printed when it has ended.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# The running office, from the top layer down; then what stands beside it.
HOUSE = (
    *("config", "web", "eservices", "notices", "figures", "correspondence"),
    *("routing", "search", "channels", "ocr"),
    *("understanding", "registry", "identity", "org", "jobs", "sandbox", "language"),
    *("ledger", "signer"),
)
PACKAGES = (*HOUSE, "samples", "benches", "tools", "tests")
JAVASCRIPT = ROOT / "tools" / "javascript"
SHELL_SCRIPTS = ("sijill", "tools/packages.sh", "tools/setup.sh", ".ci/run", "docker/make-secrets")


@dataclass(frozen=True, slots=True)
class Check:
    """One program whose exit status is the answer; `mending` says how to correct a failure."""

    name: str
    command: Sequence[str]
    mending: str = ""


def checks() -> Iterator[Check]:
    """Yield all checks: the longest first, since the others run beside it; then quick ones."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    ruff = str(PROGRAMS / "ruff")
    yield Check("types", [python, "-m", "mypy", *PACKAGES])
    yield Check("style", [ruff, "check", "."], "ruff check --fix .")
    yield Check("format", [ruff, "format", "--check", "."], "ruff format .")
    yield Check("shell", [str(PROGRAMS / "shellcheck"), "-x", *SHELL_SCRIPTS])
    biome = [str(JAVASCRIPT / "node_modules" / ".bin" / "biome"), "lint", "--error-on-warnings"]
    yield Check(
        "scripts",
        [*biome, f"--config-path={JAVASCRIPT}", "web/static"],
        "what it names; with --write what it can mend itself",
    )
    yield Check("storeys", [str(PROGRAMS / "lint-imports"), "--no-cache"])
    yield Check("settings", [python, manage, "check", "--fail-level", "WARNING"])
    yield Check(
        "migrations",
        [python, manage, "makemigrations", "--check", "--dry-run"],
        "./sijill manage makemigrations",
    )
    yield Check("map", [python, "-m", "tools.house_map", "--check"], "python -m tools.house_map")
    djlint = str(PROGRAMS / "djlint")
    yield Check(
        "layout",
        [djlint, "--check", "--lint", "--quiet", *PACKAGES],
        f"djlint --reformat {' '.join(PACKAGES)}",
    )
    yield Check("templates", [python, "-m", "tools.templates"])
    yield Check("translations", [python, "-m", "tools.translations"])
    yield Check("dead code", [python, "-m", "tools.dead_code"])
    yield Check(
        "catalogues",
        [python, "-m", "tools.catalogues", "--check"],
        "python -m tools.catalogues",
    )


def main(names: Sequence[str]) -> int:
    """Run all checks, or those named; return 1 when any failed, 2 for an unknown name."""
    wanted = list(checks())
    if unknown := set(names) - {check.name for check in wanted}:
        print(f"no such check: {', '.join(sorted(unknown))}; there are:")
        print(", ".join(check.name for check in wanted))
        return 2
    chosen = [check for check in wanted if not names or check.name in names]
    failed = set(_failures(chosen))
    print(flush=True)
    for check in (check for check in chosen if check.name in failed):
        print(f"FAILED: {check.name}" + (f"   ({check.mending})" if check.mending else ""))
    if not failed:
        print("All checks passed.")
    return 1 if failed else 0


def _failures(chosen: Sequence[Check]) -> Iterator[str]:
    """Run them side by side, report each as it ends, and yield the names of those that failed."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(_run, check): check.name for check in chosen}
        for done in as_completed(running):
            status, told, seconds = done.result()
            verdict = "passed" if status == 0 else f"FAILED ({status})"
            print(f"── {running[done]}\n{told}   {verdict} in {seconds:.1f} s", flush=True)
            if status:
                yield running[done]


def _run(check: Check) -> tuple[int, str, float]:
    """Return the exit status, what was printed, and how long it took."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            check.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        status, told = done.returncode, done.stdout
    except FileNotFoundError:
        status = 127
        told = f"   {check.command[0]} is not installed; the set-up's log says why\n"
    return status, told, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
