"""Templates of replies as a table: one line a template, its text or (base64) file in a cell."""

import base64
import binascii
import io
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from correspondence.forms.changing import SUFFIX, content_of, save_details, source_of, use_again
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.keeping import (
    all_templates,
    keep_template,
    new_version,
    newest,
    retire,
)
from correspondence.forms.refusals import refusal_words
from correspondence.models.forms import ReplyTemplate
from language.lines import one_line
from org.checking import coded_row, yes_or_no
from org.errors import BadOrganisationError
from org.models import Department, LetterKind, User
from org.tables import Table
from registry.intake import IncomingFile
from routing.acting.errors import NotAllowedError

COLUMNS: Final = ("name", "language", "department", "kind", "format", "content", "active")


def _save(row: dict[str, str], actor: User | None) -> str:
    """Save a line; a known template of this name and language gets what differs."""
    try:
        return _kept(row, actor)
    except TemplateRefused as refused:
        raise BadOrganisationError({"content": refusal_words(refused)}) from refused
    except NotAllowedError as error:
        raise BadOrganisationError({"": str(error)}) from error


def _kept(row: dict[str, str], actor: User | None) -> str:
    name, language = one_line(row.get("name", ""), 200), row.get("language", "").lower()
    held = ReplyTemplate.objects.filter(name=name, language=language).order_by("pk").last()
    unit = coded_row(Department, "department", row.get("department", "").upper())
    kind = coded_row(LetterKind, "kind", row.get("kind", "").lower())
    content = _content(row)
    if held is None:
        file = _file(row, content)
        held = keep_template(
            actor=actor, name=name, language=language, department=unit, kind=kind, file=file
        )
        outcome = "new"
    else:
        outcome = save_details(held, actor=actor, name=name, department=unit, kind=kind)
        if content.strip() != content_of(newest(held)).strip():
            new_version(held, actor=actor, file=_file(row, content))
            outcome = "changed"
    return _activity(held, row, actor) or outcome


def _activity(held: ReplyTemplate, row: dict[str, str], actor: User | None) -> str:
    if not row.get("active"):
        return ""
    used = yes_or_no(row["active"], "active")
    if used == (held.retired_at is None):
        return ""
    if used:
        use_again(held, actor=actor)
    elif held.retired_at is None:
        retire(held, actor=actor)
    return "changed"


def _file(row: dict[str, str], content: bytes) -> IncomingFile:
    return IncomingFile(f"template.{SUFFIX[row['format'].lower()]}", io.BytesIO(content))


def _content(row: dict[str, str]) -> bytes:
    form, text = row.get("format", "").lower(), row.get("content", "")
    if form not in SUFFIX:
        raise BadOrganisationError({"format": _("A format is text, html or docx.")})
    if not text:
        raise BadOrganisationError({"content": _("The text is empty.")})
    if form != "docx":
        return f"{text}\n".replace("\r\n", "\n").encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadOrganisationError({"content": _("This is no file in Base64.")}) from error


def _rows() -> Iterator[Sequence[str]]:
    for template in all_templates().order_by("pk"):
        version = template.versions.all()[0]
        docx = version.format == "docx"
        content = base64.b64encode(content_of(version)).decode() if docx else source_of(version)
        yield (
            template.name,
            template.language,
            template.department.code if template.department else "",
            template.kind.code if template.kind else "",
            version.format,
            content.strip(),
            "no" if template.retired_at else "yes",
        )


TEMPLATES = Table(
    name="templates",
    columns=COLUMNS,
    needed=("name", "language", "format", "content"),
    save=_save,
    rows=_rows,
)
