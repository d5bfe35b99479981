"""The tables of who may what: an address and a method -> one sign for each kind of people.

A file holds groups: a line with a method, the signs in the order of `kinds.KINDS`, and why; below
it, indented, the names of the addresses. What no group names is done for nobody.

+  answered                              -  refused: 401, 403, or led to where one signs in
.  answered, with none of the words      0  as what does not exist: 404
   that are not theirs                   =  answered with a refusal in words; nothing is changed
<  led back to where the way begins
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.web.access.kinds import KINDS

FOLDER: Final = Path(__file__).parent / "tables"
SIGNS: Final = set("+.-0=<")


@dataclass(frozen=True, slots=True)
class Row:
    """An address with a method, and the sign for each kind."""

    name: str
    method: str
    signs: dict[str, str]


def rows(part: str) -> list[Row]:
    """Return the rows of one table, in its order."""
    found: dict[tuple[str, str], Row] = {}
    space = "" if part == "signin" else f"{part}:"
    method, signs = "", dict[str, str]()
    for line in (FOLDER / f"{part}.txt").read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            method, written = line.split()[:2]
            assert len(written) == len(KINDS), line
            assert set(written) <= SIGNS, line
            signs = dict(zip(KINDS, written, strict=True))
            continue
        for name in line.split():
            key = (f"{space}{name}", method)
            assert key not in found, f"{part}: {method} {name} stands there twice"
            found[key] = Row(*key, signs)
    return list(found.values())


def parts() -> list[str]:
    """Return the names of the tables."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))
