"""The source of a sample letter: the contents of ``letters/*.toml`` as typed data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LETTERS = HERE / "letters"
FILES = HERE / "files"


@dataclass(frozen=True)
class Look:
    """The typography and ageing of a letter; sizes in points, skew in degrees."""

    font: str = "Liberation Serif"
    size: float = 12
    layout: str = "plain"
    head_colour: str = "#222222"
    signature: str = ""
    stamp: str = ""
    stamp_colour: str = "#2b3f8f"
    hand_note: str = ""
    pen: bool = False
    holes: bool = False
    fold: bool = False
    colour: bool = True
    skew: float = 0.0
    shade: float = 0.0
    noise: float = 0.0
    blur: float = 0.0
    quality: int = 60


@dataclass(frozen=True)
class Page:
    """One sheet: its marked-up text, and where it differs from the letter's look."""

    text: str
    scanned: bool = True
    font: str = ""
    size: float = 0


@dataclass(frozen=True)
class Letter:
    """One sample letter with the answers a reader should come to."""

    ident: str
    kind: str
    department: str
    language: str
    find_word: str
    form: str
    files: tuple[str, ...]
    seed: int
    look: Look
    pages: tuple[Page, ...]
    mail: dict[str, str] = field(default_factory=dict)
    reply_shown: bool = False


def read_letter(path: Path) -> Letter:
    """Read one source file; raise KeyError or TypeError where it is not well formed."""
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return Letter(
        ident=path.stem,
        kind=data["kind"],
        department=data["department"],
        language=data["language"],
        find_word=data["find_word"],
        form=data["form"],
        files=tuple(data["files"]),
        seed=data["seed"],
        look=Look(**data["look"]) if "look" in data else Look(),
        pages=tuple(Page(**page) for page in data.get("pages", ())),
        mail=data.get("mail", {}),
        reply_shown=data.get("reply_shown", False),
    )


def all_letters() -> list[Letter]:
    """Return every sample letter, in the order of the file names."""
    return [read_letter(path) for path in sorted(LETTERS.glob("*.toml"))]
