"""`python -m tools.mutations [WORD…]`: damage the code line by line, and see the tests notice it.

The damages stand in tools/mutations.toml. Each is done in a copy of the tree that is thrown away;
its narrow tests run there and must fail. With words, only the damages of files whose names hold
one of them. Exit 1 where a damage survives, 2 where the tests fail without any.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LIST: Final = ROOT / "tools" / "mutations.toml"
SECONDS: Final = 300  # a damage that hangs its tests is noticed
KEPT: Final = "SIJILL_TEST_DATABASE"  # see tests/database.py


@dataclass(frozen=True, slots=True)
class Mutation:
    """One damage: a line of a file, what it becomes, and the tests that must notice it."""

    file: str
    line: str
    becomes: str
    tests: tuple[str, ...]

    def apply(self, root: Path) -> str:
        """Damage the file below `root`; return what it held. Raise ValueError without the line."""
        path = root / self.file
        held = path.read_text(encoding="utf-8")
        if held.count(self.line) != 1:
            raise ValueError(f"{self.file} holds this {held.count(self.line)} times: {self.line}")
        path.write_text(held.replace(self.line, self.becomes), encoding="utf-8")
        return held


def mutations() -> list[Mutation]:
    """Return all damages of the list."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["mutation"]
    return [Mutation(row["file"], row["line"], row["becomes"], tuple(row["tests"])) for row in rows]


def copy_tree(target: Path) -> None:
    """Copy what git knows or does not ignore, and the compiled translations."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    compiled = (str(path.relative_to(ROOT)) for path in ROOT.glob("*/**/LC_MESSAGES/*.mo"))
    for name in (*told.split("\0"), *compiled):
        if name and (ROOT / name).is_file() and not name.startswith(".venv"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    (target / ".venv").symlink_to(ROOT / ".venv")


def run_tests(root: Path, tests: Sequence[str], *options: str) -> tuple[int | None, str]:
    """Run the tests of the copy; return pytest's status, None where it hangs, and its last words.

    Raise RuntimeError where there is no such test.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--no-header", *options, *tests]
    environment = os.environ | {KEPT: "mutations"}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS * max(len(tests), 1),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, "out of time"
    words = done.stdout.decode(errors="replace")[-2000:]
    if done.returncode in (4, 5):  # pytest: no such test, nothing collected
        raise RuntimeError(words)
    return done.returncode, words


def survives(root: Path, mutation: Mutation, *, at: float) -> bool:
    """Return whether the tests pass although the code is damaged; restore it afterwards."""
    path = root / mutation.file
    held = mutation.apply(root)
    os.utime(path, (at, at))  # another time than any before: no compiled module is taken for it
    try:
        return run_tests(root, mutation.tests, "-x")[0] == 0
    finally:
        path.write_text(held, encoding="utf-8")
        os.utime(path, (at + 1, at + 1))


def main(words: Sequence[str]) -> int:
    """Try the damages one after another, and report of each whether it was noticed."""
    wanted = [m for m in mutations() if not words or any(word in m.file for word in words)]
    with tempfile.TemporaryDirectory(prefix="sijill-mutations-") as folder:
        root = Path(folder)
        copy_tree(root)
        tests = list(dict.fromkeys(test for mutation in wanted for test in mutation.tests))
        status, said = run_tests(root, tests)
        if status != 0:
            print("the tests fail without any damage:", said, sep="\n")
            return 2
        print(f"{len(tests)} files of tests pass without any damage", flush=True)
        began, left = time.time(), 0
        for number, mutation in enumerate(wanted):
            survived = survives(root, mutation, at=began + 10 * (number + 1))
            left += survived
            word = "SURVIVED" if survived else "caught"
            print(f"{word:<9} {mutation.file}: {mutation.becomes or '(gone)'}", flush=True)
    print(f"{len(wanted) - left} of {len(wanted)} caught in {time.time() - began:.0f} s")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
