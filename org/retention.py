"""How long letters of each kind are kept: told to citizens, kept by administrators on record."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import NO
from org.errors import BadOrganisationError
from org.history import keep_row
from org.models import LetterKind, OrgChange, RetentionText, User
from org.tables import Table

TEXTS: Final = ("text_ar", "text_fr", "text_en")
COLUMNS: Final = ("kind", "years", *TEXTS, "active")
LONGEST: Final = 600
MOST_YEARS: Final = 500


def retention_texts() -> list[RetentionText]:
    """Return what citizens read: by kind in their order, what holds for all others last."""
    rows = RetentionText.objects.filter(active=True).select_related("kind")
    return sorted(rows, key=lambda r: (r.kind is None, r.kind.position if r.kind else 0, r.pk))


def save_retention(
    values: dict[str, Any], *, actor: User | None, row: RetentionText | None = None
) -> str:
    """Write how long letters of a kind are kept; return "new", "changed" or "same".

    Raise BadOrganisationError.
    """
    return keep_row(
        OrgChange.Noun.RETENTION,
        row or RetentionText(),
        columns=COLUMNS,
        checked=lambda held: _checked(values, held),
        actor=actor,
    )


def _checked(values: dict[str, Any], held: RetentionText) -> dict[str, Any]:
    given: dict[str, Any] = {name: one_line(str(values.get(name) or ""), 1000) for name in TEXTS}
    problems: dict[str, Any] = {n: _("A text is needed.") for n in TEXTS[:2] if not given[n]}
    problems |= {n: _("This is too long.") for n in TEXTS if len(given[n]) > LONGEST}
    given["kind"], given["active"] = values.get("kind"), bool(values.get("active", True))
    years = str(values.get("years") if values.get("years") is not None else "").strip()
    good = years.isascii() and years.isdecimal() and 1 <= int(years[:6]) <= MOST_YEARS
    given["years"] = int(years) if years and good else None
    if years and not good:
        problems["years"] = _("Give a whole number, or nothing for good.")
    if RetentionText.objects.filter(kind=given["kind"]).exclude(pk=held.pk).exists():
        problems["kind"] = _("This kind has a text already.")
    if problems:
        raise BadOrganisationError(problems)
    return given


def _save(row: dict[str, str], actor: User | None) -> str:
    code = row.get("kind", "").lower()
    kind = LetterKind.objects.filter(code=code).first()
    if code and kind is None:
        words = _("There is no such code: %(code)s") % {"code": code[:40]}
        raise BadOrganisationError({"kind": words})
    held = RetentionText.objects.filter(kind=kind).first()
    known = {name: getattr(held, name) for name in COLUMNS} if held else {}
    values: dict[str, Any] = {**known, **row, "kind": kind}
    if "active" in row:
        values["active"] = row["active"].lower() not in NO
    return save_retention(values, actor=actor, row=held)


def _rows() -> Iterator[Sequence[str]]:
    for row in RetentionText.objects.select_related("kind").order_by("kind__position", "pk"):
        yield (
            row.kind.code if row.kind else "",
            str(row.years or ""),
            *(row.text_ar, row.text_fr, row.text_en),
            "yes" if row.active else "no",
        )


RETENTION = Table(
    name="retention",
    columns=COLUMNS,
    needed=("kind", "text_ar", "text_fr"),
    save=_save,
    rows=_rows,
)
