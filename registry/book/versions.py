"""Versions of registers: which names and number pattern a register has on a day.

A register is succeeded on a day: from then on it has another name and writes other numbers, while
numbers, pages and books of before keep theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language

from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.models import User
from registry.models.registers import Register, RegisterVersion

NAMES: Final = ("name_ar", "name_fr", "name_en")
FACE: Final = (*NAMES, "pattern")
_COLUMNS: Final = columns_of(RegisterVersion)
# Of all registers, which are few.
_BEGUN: Final = CompiledQuery(
    lambda day: (
        RegisterVersion.objects.filter(valid_from__lte=day)
        .order_by("valid_from")
        .values_list(*_COLUMNS)
    )
)
BEGINNING: Final = date(1900, 1, 1)  # the first version's day: what the register always had


@dataclass(frozen=True, slots=True)
class Face:
    """How a register is called on a day, and how it writes its numbers."""

    name_ar: str
    name_fr: str
    name_en: str
    pattern: str

    @property
    def name(self) -> str:
        """The name in the current language, French where it is none of the three."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)


def face_on(register: Register, day: date | None = None) -> Face:
    """Return the register's face on a day (today)."""
    return faces_on([register], day)[register.pk]


def faces_on(registers: Iterable[Register], day: date | None = None) -> dict[int, Face]:
    """Return the faces of registers on a day (today), by their ids."""
    rows = list(registers)
    begun = _BEGUN.rows(day or timezone.localdate()) if rows else []
    found = {row.pk: _face(row) for row in rows}
    for version in (instance_of(RegisterVersion, row) for row in begun):
        if version.register_id in found:
            found[version.register_id] = _face(version)
    return found


def upcoming(registers: Iterable[Register]) -> dict[int, list[RegisterVersion]]:
    """Return the versions that have not begun, the nearest first, by the registers' ids."""
    rows = RegisterVersion.objects.filter(
        register__in=list(registers), valid_from__gt=timezone.localdate()
    )
    found: dict[int, list[RegisterVersion]] = {}
    for version in rows.order_by("valid_from").select_related("made_by"):
        found.setdefault(version.register_id, []).append(version)
    return found


def keep_version(
    register: Register, values: dict[str, Any], *, valid_from: date, actor: User | None
) -> RegisterVersion:
    """Write the register's face from a day on; the days before keep what they had.

    `register` is as it was before. Only inside a transaction.
    """
    now = timezone.now()
    if not register.versions.exists():
        told = {name: getattr(register, name) for name in FACE}
        register.versions.create(**told, valid_from=BEGINNING, made_by=None, made_at=now)
    told = {name: values[name] for name in FACE} | {"made_by": actor, "made_at": now}
    return RegisterVersion.objects.update_or_create(
        register=register, valid_from=valid_from, defaults=told
    )[0]


def apply_version_of(register: Register, day: date | None = None) -> Face:
    """Return the register's face on a day, and write it into the register's own row.

    So that what reads the row alone has it from the first number of that day on.
    """
    face = face_on(register, day)
    if face != _face(register):
        for name in FACE:
            setattr(register, name, getattr(face, name))
        register.save(update_fields=FACE)
    return face


def _face(row: Register | RegisterVersion) -> Face:
    return Face(row.name_ar, row.name_fr, row.name_en, row.pattern)
