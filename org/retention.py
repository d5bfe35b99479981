"""How long letters of each kind are kept and what becomes of them: the schedule, on record."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from language.lines import one_line
from org.checking import coded_row, yes_or_no
from org.errors import BadOrganisationError
from org.history import keep_row
from org.models import LetterKind, OrgChange, RetentionText, User
from org.signs import listed
from org.tables import Table

TEXTS: Final = ("text_ar", "text_fr", "text_en")
COLUMNS: Final = ("kind", "current_years", "years", "fate", *TEXTS, "active")
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
    for name in ("years", "current_years"):
        given[name], problem = _years(values.get(name))
        problems |= {name: problem} if problem else {}
    given["fate"] = str(values.get("fate") or "")
    problems |= _fate_problems(given)
    if RetentionText.objects.filter(kind=given["kind"]).exclude(pk=held.pk).exists():
        problems["kind"] = _("This kind has a text already.")
    if problems:
        raise BadOrganisationError(problems)
    return given


def _years(value: Any) -> tuple[int | None, str]:
    """Return the number of years, and what is wrong with it ("" for nothing)."""
    written = str(value if value is not None else "").strip()
    whole = written.isascii() and written.isdecimal() and len(written) < 7
    good = whole and 1 <= int(written) <= MOST_YEARS
    if written and not good:
        return None, _("Give a whole number, or nothing for good.")
    return (int(written) if written else None), ""


def _fate_problems(given: dict[str, Any]) -> dict[str, str]:
    fates = RetentionText.Fate
    years, current = given["years"], given["current_years"]
    if given["fate"] and given["fate"] not in fates.values:
        return {"fate": _("Choose one: %(choices)s") % {"choices": listed(fates.values)}}
    if given["fate"] in {fates.DESTROY, fates.TRANSFER} and not years:
        return {"years": _("Say after how many years.")}
    if current and years and current > years:
        return {"current_years": _("This is longer than the letters are kept.")}
    return {}


def schedule() -> dict[int | None, RetentionText]:
    """Return the rows of the schedule by the kind's id; None is what holds for all others."""
    return {row.kind_id: row for row in RetentionText.objects.all()}


def _save(row: dict[str, str], actor: User | None) -> str:
    kind = coded_row(LetterKind, "kind", row.get("kind", "").lower())
    held = RetentionText.objects.filter(kind=kind).first()
    known = {name: getattr(held, name) for name in COLUMNS} if held else {}
    values: dict[str, Any] = {**known, **row, "kind": kind}
    if "active" in row:
        values["active"] = yes_or_no(row["active"], "active")
    return save_retention(values, actor=actor, row=held)


def _rows() -> Iterator[Sequence[str]]:
    for row in RetentionText.objects.select_related("kind").order_by("kind__position", "pk"):
        yield (
            row.kind.code if row.kind else "",
            str(row.current_years or ""),
            str(row.years or ""),
            row.fate,
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
