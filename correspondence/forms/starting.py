"""Templates that every office begins with, as data: each comes once and is the office's then."""

import tomllib
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from correspondence.forms.changing import as_file
from correspondence.forms.keeping import add_version, audit_values
from correspondence.models.forms import ReplyTemplate
from org.history import record
from org.models import OrgChange
from registry.files.receiving import receive
from registry.files.vault import get_vault

FILE: Final = Path(__file__).resolve().parent / "starting_templates.toml"
MOST_BYTES: Final = 100_000


def starting_templates() -> list[dict[str, Any]]:
    """Return the templates of the file: code, language, name, text."""
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["templates"]
    return rows


def load_templates() -> int:
    """Create the templates that this office has never had; return how many.

    What an administrator changed or retired stays as it is, since its row keeps the seed.
    """
    known = set(ReplyTemplate.objects.exclude(seed="").values_list("seed", flat=True))
    rows = [row for row in starting_templates() if _seed(row) not in known]
    for row in rows:
        _load(row)
    return len(rows)


def _seed(row: dict[str, Any]) -> str:
    return f"{row['code']}.{row['language']}"


def _load(row: dict[str, Any]) -> None:
    file = as_file(str(row["text"]), form="text")
    incoming = receive(file.stream, limit=MOST_BYTES)
    try:
        get_vault().keep(incoming)
    finally:
        incoming.discard()
    with transaction.atomic():
        template, made = ReplyTemplate.objects.get_or_create(
            seed=_seed(row), defaults={"name": row["name"], "language": row["language"]}
        )
        if not made:
            return
        key, after = str(template.pk), audit_values(template)
        record(OrgChange.Noun.TEMPLATE, key, "created", actor=None, after=after)
        name = f"{row['code']}.{row['language']}.txt"
        add_version(template, name, form="text", incoming=incoming, actor=None)
