"""`python -m tools.covered [PYTEST ARGUMENT…]`: run the tests, and print what they covered.

The share of lines for each package and for the whole. Test processes and programs that tests start
are counted; a confined child, which is given no environment, is not. `COVERAGE=yes ./sijill test`
runs it; settings stand in pyproject.toml. The exit status is pytest's.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from coverage import Coverage

from tools.check import HOUSE

ROOT: Final = Path(__file__).resolve().parent.parent


def figures(data_file: Path, *, packages: Sequence[str] = HOUSE) -> Iterator[str]:
    """Yield a line for each of the packages and one for all, from the data that a run has left."""
    coverage = Coverage(data_file=str(data_file))
    coverage.combine([str(data_file.parent)])
    counted: dict[str, list[int]] = {name: [0, 0] for name in packages}
    for name in coverage.get_data().measured_files():
        of_package = counted.get(Path(name).relative_to(ROOT).parts[0])
        if of_package is None:
            continue
        _, lines, _, missing, _ = coverage.analysis2(name)
        of_package[0] += len(lines)
        of_package[1] += len(lines) - len(missing)
    counted["all"] = [sum(column) for column in zip(*counted.values(), strict=True)]
    for package, (lines_there, covered) in counted.items():
        share = 100 * covered / max(lines_there, 1)
        yield f"{package:<16}{share:6.1f} %  {covered} of {lines_there} lines"


def main(arguments: Sequence[str], *, packages: Sequence[str] = HOUSE) -> int:
    """Run pytest under coverage, then print the figures of the packages."""
    with tempfile.TemporaryDirectory(prefix="sijill-coverage-") as folder:
        data = Path(folder) / "data"
        command = [sys.executable, "-m", "coverage", "run", f"--data-file={data}", "-m", "pytest"]
        done = subprocess.run([*command, *arguments], cwd=ROOT, check=False)
        print("covered lines", *figures(data, packages=packages), sep="\n", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
