"""The record of processing: rows kept with their history, put into words, and as a table."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.history import keep_row
from org.models import OrgChange, Processing, RetentionText, User
from org.signs import colon, listed
from org.starting import FOLDER
from org.tables import Table

LANGUAGES: Final = ("ar", "fr", "en")
TEXTS: Final = ("purpose", "people", "data", "recipients", "retention", "measures")
NEEDED: Final = ("purpose", "people", "data")  # in Arabic and French
LONGEST_CODE: Final = 40
PLAIN: Final = ("code", "ground", "ground_text", "by_schedule", "cndp", "cndp_on", "active")
COLUMNS: Final = (*PLAIN, *TEXTS)
WRITTEN: Final = tuple(f"{name}_{language}" for name in TEXTS for language in LANGUAGES)
LONGEST: Final = 600


def save_processing(
    values: dict[str, Any], *, actor: User | None, row: Processing | None = None
) -> str:
    """Write a row of the record; return "new", "changed" or "same".

    Texts come one by language (`purpose_fr`). Raise BadOrganisationError.
    """
    return keep_row(
        OrgChange.Noun.PROCESSING,
        row or Processing(),
        columns=COLUMNS,
        checked=lambda held: _checked(values, held),
        actor=actor,
    )


def written(row: Processing) -> dict[str, Any]:
    """Return a row as `save_processing` takes it."""
    texts = {
        f"{name}_{language}": getattr(row, name).get(language, "")
        for name in TEXTS
        for language in LANGUAGES
    }
    return {name: getattr(row, name) for name in PLAIN} | texts


def _checked(values: dict[str, Any], held: Processing) -> dict[str, Any]:
    given: dict[str, Any] = {}
    problems: dict[str, Any] = {}
    for name in TEXTS:
        told = {code: one_line(str(values.get(f"{name}_{code}") or ""), 1000) for code in LANGUAGES}
        given[name] = {code: text for code, text in told.items() if text}
        lacking = [code for code in LANGUAGES[:2] if name in NEEDED and not told[code]]
        problems |= {f"{name}_{code}": _("A text is needed.") for code in lacking}
        long = [code for code, text in told.items() if len(text) > LONGEST]
        problems |= {f"{name}_{code}": _("This is too long.") for code in long}
    given["ground_text"] = one_line(str(values.get("ground_text") or ""), 300)
    given["cndp"] = one_line(str(values.get("cndp") or ""), 60)
    given["by_schedule"] = bool(values.get("by_schedule"))
    given["active"] = bool(values.get("active", True))
    given["code"], given["ground"] = _code(values, held, problems), str(values.get("ground") or "")
    if given["ground"] not in Processing.Ground.values:
        choices = listed(Processing.Ground.values)
        problems["ground"] = _("Choose one: %(choices)s") % {"choices": choices}
    given["cndp_on"] = _day(values.get("cndp_on"), problems)
    if problems:
        raise BadOrganisationError(problems)
    return given


def _code(values: dict[str, Any], held: Processing, problems: dict[str, Any]) -> str:
    code = str(values.get("code") or held.code).strip().lower()
    if len(code) > LONGEST_CODE:
        problems["code"] = _("This is too long.")
    elif not code or not code.isascii() or not code.replace("_", "").isalnum():
        problems["code"] = _("A code is made of letters, digits and underscores.")
    elif Processing.objects.filter(code=code).exclude(pk=held.pk).exists():
        problems["code"] = _("This code is taken.")
    return code


def _day(value: Any, problems: dict[str, Any]) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        day = parse_date(str(value).strip()) if str(value).strip() else None
    except ValueError:
        day = None
    if day is None and str(value).strip():
        problems["cndp_on"] = _("This is no day.")
    return day


def add_usual(*, actor: User | None) -> int:
    """Add what the software itself processes, where it is not in the record yet; return how many.

    A row that the office has changed or taken out of use stays as it is.
    """
    held = set(Processing.objects.values_list("code", flat=True))
    wanted = [row for row in _usual() if row["code"] not in held]
    with transaction.atomic():
        for row in wanted:
            save_processing(row, actor=actor)
    return len(wanted)


def _usual() -> Iterator[dict[str, Any]]:
    data = tomllib.loads((FOLDER / "processing.toml").read_text(encoding="utf-8"))
    for row in data["rows"]:
        given = {name: row[name] for name in PLAIN if name in row}
        for name in TEXTS:
            told = row.get(name) or data[name]
            given |= {f"{name}_{code}": told[code] for code in LANGUAGES}
        yield given


def record_by_code() -> dict[str, Processing]:
    """Return the record by code; of our own processing also where the office has not kept it."""
    ours = {
        row["code"]: Processing(
            **{name: row[name] for name in PLAIN if name in row},
            **{name: {code: row[f"{name}_{code}"] for code in LANGUAGES} for name in TEXTS},
        )
        for row in _usual()
    }
    return ours | {row.code: row for row in Processing.objects.filter(active=True)}


def kept_for(row: Processing) -> str:
    """Return how long its data are kept: its own text, and what the schedule of retention says."""
    told = [row.translated("retention")]
    if row.by_schedule:
        told += schedule_lines() or [_("As long as the law on archives demands (law 69-99).")]
    return " ".join(one for one in told if one)


def schedule_lines() -> list[str]:
    """Return the schedule of retention, a sentence for each kind of letter."""
    rows: Iterable[RetentionText] = RetentionText.objects.select_related("kind").order_by(
        "kind__position", "pk"
    )
    others = _("All other letters")
    return [f"{row.kind.name if row.kind else others}{colon()} {row.text}" for row in rows]


def _save(row: dict[str, str], actor: User | None) -> str:
    held = Processing.objects.filter(code=row.get("code", "").lower()).first()
    values: dict[str, Any] = {**(written(held) if held else {}), **row}
    for name in ("by_schedule", "active"):
        if name in row:
            values[name] = yes_or_no(row[name], name, empty=False)
    return save_processing(values, actor=actor, row=held)


def _rows() -> Iterator[Sequence[str]]:
    for row in Processing.objects.all():
        values = written(row)
        for name in ("by_schedule", "active"):
            values[name] = "yes" if values[name] else "no"
        yield [str(values[name] or "") for name in (*PLAIN, *WRITTEN)]


PROCESSING: Final = Table(
    name="processing",
    columns=(*PLAIN, *WRITTEN),
    needed=("code", "ground", "purpose_ar", "purpose_fr"),
    save=_save,
    rows=_rows,
)
