"""The locks: `python -m tools.locks` writes `requirements.lock` and `requirements-dev.lock` anew.

They name every package that the requirements bring, at the version of `constraints.txt`, with the
SHA-256 of each of its files in the package index; pip takes no other file (`--require-hashes`).
The second holds what the first does not. uv resolves them (`pip install uv`; nothing else needs
it), by the index that it is configured for.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
HEADING: Final = "# Written by `python -m tools.locks` from {name} and constraints.txt.\n"


def main() -> int:
    """Write both locks; return 2 where uv is missing or cannot resolve the requirements."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is missing: pip install uv", file=sys.stderr)
        return 2
    try:
        office = _resolved(uv, "requirements.txt")
        everything = _resolved(uv, "requirements-dev.txt")
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return 2
    further = [entry for entry in everything if entry not in set(office)]
    _write("requirements.txt", "", office)
    _write("requirements-dev.txt", "-r requirements.lock\n", further)
    return 0


def _resolved(uv: str, name: str) -> list[str]:
    """Return the entries of a lock, each a package with the hashes of its files, in many lines."""
    command = [uv, "pip", "compile", name, "--constraint", "constraints.txt", "--quiet"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    entries: list[str] = []
    for line in done.stdout.splitlines(keepends=True):
        if line.startswith(" "):
            entries[-1] += line
        else:
            entries.append(line)
    return entries


def _write(name: str, first: str, entries: list[str]) -> None:
    text = HEADING.format(name=name) + first + "".join(entries)
    (ROOT / name).with_suffix(".lock").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
