"""The usual schedule of retention, as data: a beginning that an office adapts."""

import tomllib
from typing import Any

from django.db import transaction

from org.models import LetterKind, RetentionText, User
from org.retention import save_retention
from org.starting import FOLDER


def add_usual(*, actor: User | None) -> int:
    """Add the usual row of each kind that has none; return how many were added."""
    data = tomllib.loads((FOLDER / "retention.toml").read_text(encoding="utf-8"))
    kinds = {kind.code: kind for kind in LetterKind.objects.all()}
    held = set(RetentionText.objects.values_list("kind__code", flat=True))
    rows = [row for row in data["rows"] if not row["kind"] or row["kind"] in kinds]
    wanted = [row for row in rows if (row["kind"] or None) not in held]
    with transaction.atomic():
        for row in wanted:
            given = {**row, **_texts(data, row), "kind": kinds.get(row["kind"]), "active": True}
            save_retention(given, actor=actor)
    return len(wanted)


def _texts(data: dict[str, Any], row: dict[str, Any]) -> dict[str, str]:
    return {
        f"text_{code}": data[code][row["fate"]].format(years=data[code][str(row["years"])])
        for code in ("ar", "fr", "en")
    }
