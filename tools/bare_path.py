"""`python -m tools.bare_path [PYTEST ARGUMENT…]`: tests that start programs, with a bare PATH.

The PATH holds nothing beyond what set-up installs. So a test that needs more fails here, and not
first on somebody's fresh machine. The programs are those of the packages that tools/packages.sh
names, and of Debian's essential ones.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ESSENTIAL = (
    *("coreutils", "bash", "dash", "findutils", "grep", "sed", "mawk", "debianutils", "hostname"),
    *("util-linux", "gzip", "tar", "libc-bin", "procps"),
)
# Every package is named, whatever is installed here already.
_NAMED = """
ROOT=. ; source tools/packages.sh
have_command() { return 1; }; have_font() { return 1; }; postgres_program() { return 1; }
system_python() { return 1; }; office_part() { return 1; }; tesseract() { :; }; ldconfig() { :; }
missing_for_office; missing_for_tests; missing_for_renditions
"""
_PLACES = ("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")


def set_up_packages() -> list[str]:
    """Return the Debian names of all packages that the set-up of embedded tests installs."""
    done = subprocess.run(
        ["bash", "-euc", _NAMED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def programs_of(packages: Iterable[str]) -> dict[str, Path]:
    """Return name → path of the programs that these packages brought, as far as installed."""
    done = subprocess.run(
        ["dpkg-query", "-L", *_with_parts(packages)], capture_output=True, text=True, check=False
    )
    paths = (Path(line) for line in done.stdout.splitlines() if line.startswith(_PLACES))
    return {path.name: path for path in paths if path.is_file() and os.access(path, os.X_OK)}


def _with_parts(packages: Iterable[str]) -> list[str]:
    """Return the packages with LibreOffice's parts that its writer needs: one brings soffice."""
    wanted = list(packages)
    if not any(name.startswith("libreoffice") for name in wanted):
        return wanted
    command = ["dpkg-query", "-W", "-f", "${Package}\n", "libreoffice-*"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [*wanted, *done.stdout.split()]


def fill(folder: Path) -> None:
    """Fill the folder with links to the programs, and to the Python of this run."""
    for name, path in programs_of([*ESSENTIAL, *set_up_packages()]).items():
        (folder / name).symlink_to(path)
    for name in ("python", "python3"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(sys.executable)


def main(arguments: list[str]) -> int:
    """Run the marked tests; the exit status is pytest's."""
    with tempfile.TemporaryDirectory(prefix="bare-path-") as folder:
        fill(Path(folder))
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "shells_out", *arguments]
        environment = os.environ | {"PATH": folder, "CI": os.environ.get("CI", "true")}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
