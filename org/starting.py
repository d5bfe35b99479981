"""Starting sets: departments, kinds and registers from which a new office begins, as data."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from org.models import Department, User
from org.units import save_department

FOLDER: Final = Path(__file__).resolve().parent / "starting_sets"
SETS: Final = ("utility", "commune", "delegation", "company")


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a set: its code and three names; `of` is a parent or a direction, else ""."""

    code: str
    ar: str
    fr: str
    en: str
    of: str = ""

    @property
    def names(self) -> dict[str, str]:
        """The names by the columns of tables."""
        return {"name_ar": self.ar, "name_fr": self.fr, "name_en": self.en}

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return {"ar": self.ar, "fr": self.fr}.get(language, self.en)


@dataclass(frozen=True, slots=True)
class StartingSet:
    """A kind of institution with its usual departments; `head_office` is the registry's code."""

    name: Named
    departments: tuple[Named, ...]
    head_office: str


def starting_set(code: str) -> StartingSet:
    """Return a set by its code, one of SETS."""
    data = _read(code)
    return StartingSet(
        name=Named(code, data["ar"], data["fr"], data["en"]),
        departments=tuple(_row(row, "parent") for row in data["departments"]),
        head_office=str(data["head_office"]),
    )


def starting_kinds() -> tuple[Named, ...]:
    """Return the kinds of letters that every office begins with."""
    return tuple(_row(row, "") for row in _read("kinds")["kinds"])


def starting_registers() -> tuple[Named, ...]:
    """Return the registers that every office has; `of` is their direction."""
    return tuple(_row(row, "direction") for row in _read("registers")["registers"])


def load_departments(chosen: StartingSet, *, actor: User | None) -> None:
    """Create the set's departments in an office that has none; else leave it alone."""
    if Department.objects.exists():
        return
    for position, row in enumerate(chosen.departments):
        values: dict[str, Any] = {
            "code": row.code,
            **row.names,
            "parent": row.of,
            "position": position,
            "head_office": row.code == chosen.head_office,
        }
        save_department(values, actor=actor)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _row(row: dict[str, str], of: str) -> Named:
    return Named(row["code"], row["ar"], row["fr"], row["en"], row.get(of, ""))
