"""Kinds of letters: created, renamed, ordered and taken out of use; each change on record."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from org.checking import NAMES, checked_names, checked_position, yes_or_no
from org.errors import BadOrganisationError
from org.history import change_row, record, values_of
from org.models import LetterKind, OrgChange, User
from org.tables import Table

CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
COLUMNS: Final = (*NAMES, "position", "active")


def save_kind(
    values: dict[str, Any], *, actor: User | None, kind: LetterKind | None = None
) -> tuple[LetterKind, str]:
    """Create a kind of letter, or change one; return it with "new", "changed" or "same".

    A kind is never removed, since letters name it: one that is not `active` is chosen no more.
    Raise BadOrganisationError.
    """
    with transaction.atomic():
        given = _checked(values, kind)
        if kind is None:
            made = LetterKind.objects.create(**given)
            after = values_of(made, COLUMNS)
            record(OrgChange.Noun.KIND, made.code, "created", actor=actor, after=after)
            return made, "new"
        held = LetterKind.objects.select_for_update().get(pk=kind.pk)
        return held, change_row(
            OrgChange.Noun.KIND, held, given, columns=COLUMNS, kept=COLUMNS, actor=actor
        )


def _checked(values: dict[str, Any], kind: LetterKind | None) -> dict[str, Any]:
    given, problems = checked_names(values)
    given["active"] = bool(values.get("active", True))
    given["position"], wrong = checked_position(values.get("position"))
    problems |= wrong
    if kind is None:
        given["code"] = str(values.get("code", "")).strip().lower()
        if not CODE.match(given["code"]):
            problems["code"] = _("Two to forty small letters, digits or _, as in “invoice”.")
        elif LetterKind.objects.filter(code=given["code"]).exists():
            problems["code"] = _("Another kind has this code.")
    if problems:
        raise BadOrganisationError(problems)
    return given


def _save(row: dict[str, str], actor: User | None) -> str:
    kind = LetterKind.objects.filter(code=row.get("code", "").lower()).first()
    known: dict[str, Any] = {n: getattr(kind, n) for n in COLUMNS} if kind else {}
    values: dict[str, Any] = known | dict(row)
    if "active" in row:
        values["active"] = yes_or_no(row["active"], "active")
    return save_kind(values, actor=actor, kind=kind)[1]


def _rows() -> Iterator[Sequence[str]]:
    for kind in LetterKind.objects.all():
        names = (kind.name_ar, kind.name_fr, kind.name_en)
        yield (kind.code, *names, str(kind.position), "yes" if kind.active else "no")


KINDS = Table(
    name="kinds",
    columns=("code", *NAMES, "position", "active"),
    needed=("code",),
    save=_save,
    rows=_rows,
    once=str.lower,
)
