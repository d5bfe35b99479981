"""`./sijill check [NAME…]`: run every check, report every failure; any failure fails."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# The running office, from the top layer down; then what stands beside it.
HOUSE = (
    *("config", "web", "eservices", "notices", "figures", "correspondence"),
    *("routing", "search", "channels", "ocr"),
    *("understanding", "registry", "identity", "org", "jobs", "sandbox", "language"),
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
    """Yield all checks, quick ones first."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    ruff = str(PROGRAMS / "ruff")
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
    yield Check("types", [python, "-m", "mypy", *PACKAGES])


def main(names: Sequence[str]) -> int:
    """Run all checks, or those named; return 1 when any failed, 2 for an unknown name."""
    wanted = list(checks())
    if unknown := set(names) - {check.name for check in wanted}:
        print(f"no such check: {', '.join(sorted(unknown))}; there are:")
        print(", ".join(check.name for check in wanted))
        return 2
    failed = [c for c in wanted if (not names or c.name in names) and not _passes(c)]
    print(flush=True)
    for check in failed:
        print(f"FAILED: {check.name}" + (f"   ({check.mending})" if check.mending else ""))
    if not failed:
        print("All checks passed.")
    return 1 if failed else 0


def _passes(check: Check) -> bool:
    print(f"── {check.name}", flush=True)
    began = time.monotonic()
    try:
        status = subprocess.run(
            check.command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False
        ).returncode
    except FileNotFoundError:
        print(f"   {check.command[0]} is not installed; the set-up's log says why", flush=True)
        status = 127
    verdict = "passed" if status == 0 else f"FAILED ({status})"
    print(f"   {verdict} in {time.monotonic() - began:.1f} s", flush=True)
    return status == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
