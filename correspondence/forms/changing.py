"""Templates changed in their page: details, text, an earlier version again; and tried before."""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from hijridate import Gregorian

from correspondence.answers.addressees import to_sender
from correspondence.forms.confined import fill
from correspondence.forms.fields import sample_values, values_for
from correspondence.forms.keeping import (
    MADE,
    Filled,
    audit_values,
    need_administrator,
    new_version,
    newest,
)
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from language.bidi import isolate
from language.lines import one_line
from org.history import record
from org.models import Department, LetterKind, OrgChange, User
from registry.files.vault import get_vault
from registry.intake import IncomingFile
from registry.models.letters import Letter
from registry.paper import bilingual_pdf
from routing.acting.errors import NotAllowedError

SUFFIX: Final = {"text": "txt", "html": "html", "docx": "docx"}
WRITTEN: Final = (TemplateVersion.Format.TEXT, TemplateVersion.Format.HTML)


def source_of(version: TemplateVersion) -> str:
    """Return the text of a version that is written in its page; "" for a Word document."""
    if version.format not in WRITTEN:
        return ""
    return content_of(version).decode("utf-8")


def content_of(version: TemplateVersion) -> bytes:
    """Return the file of a version."""
    with get_vault().open(version.file.sha256) as stream:
        return bytes(stream.read())


def as_file(source: str, *, form: str) -> IncomingFile:
    """Return what was typed as the file that a version takes."""
    text = source.replace("\r\n", "\n")
    return IncomingFile(f"template.{SUFFIX[form]}", io.BytesIO(text.encode("utf-8")))


def write_source(
    template: ReplyTemplate, *, actor: User | None, source: str, seen: int = 0
) -> TemplateVersion | None:
    """Keep a text as the next version, None where it is the present one.

    Raise as `keeping.new_version`, NotAllowedError for an empty text.
    """
    last = newest(template)
    if not source.strip():
        raise NotAllowedError(_("The text is empty."))
    if source.replace("\r\n", "\n") == source_of(last):
        return None
    file = as_file(source, form=last.format)
    return new_version(template, actor=actor, file=replace_name(file, last.file_name), seen=seen)


def replace_name(file: IncomingFile, name: str) -> IncomingFile:
    """Return the file under another name."""
    return replace(file, name=name)


def take_back(version: TemplateVersion, *, actor: User) -> TemplateVersion:
    """Make an earlier version the newest again, as a version of its own."""
    file = IncomingFile(version.file_name, io.BytesIO(content_of(version)))
    return new_version(version.template, actor=actor, file=file)


def save_details(
    template: ReplyTemplate,
    *,
    actor: User | None,
    name: str,
    department: Department | None,
    kind: LetterKind | None,
) -> str:
    """Change what a template is called and for which letters; return "changed" or "same".

    Raise NotAllowedError.
    """
    need_administrator(actor)
    name = one_line(name, 200)
    if not name:
        raise NotAllowedError(_("A template needs a name and a language."))
    with transaction.atomic():
        held = ReplyTemplate.objects.select_for_update().get(pk=template.pk)
        before = audit_values(held)
        held.name, held.department, held.kind = name, department, kind
        held.save(update_fields=["name", "department", "kind"])
        key = str(held.pk)
        change = record(
            OrgChange.Noun.TEMPLATE,
            key,
            "changed",
            actor=actor,
            before=before,
            after=audit_values(held),
        )
    return "changed" if change else "same"


def templates_of(department: Department) -> QuerySet[ReplyTemplate]:
    """Return the templates of a department, the retired ones too."""
    return ReplyTemplate.objects.filter(department=department)


def give_templates(department: Department, heir: Department, actor: User) -> None:
    """Give each template of a department that is closed to its heir."""
    for one in templates_of(department).select_related("kind").order_by("pk"):
        save_details(one, actor=actor, name=one.name, department=heir, kind=one.kind)


def use_again(template: ReplyTemplate, *, actor: User | None) -> None:
    """Offer a retired template again."""
    need_administrator(actor)
    with transaction.atomic():
        rows = ReplyTemplate.objects.filter(pk=template.pk, retired_at__isnull=False)
        if rows.update(retired_at=None):
            record(OrgChange.Noun.TEMPLATE, str(template.pk), "restored", actor=actor)


def try_source(
    content: bytes,
    *,
    form: str,
    language: str,
    name: str,
    actor: User,
    department: Department | None = None,
    letter: Letter | None = None,
) -> Filled:
    """Fill a template as it is typed, for a letter or a fictitious one; return the previewed paper.

    Text and web pages become a PDF, text under the institution's letterhead. Raise TemplateRefused.
    """
    unit = department or (letter.department if letter else None)
    unit = unit or Department.objects.order_by("position", "code")[0]
    if letter:
        values = values_for(department=unit, author=actor, language=language, letter=letter)
    else:
        values = sample_values(department=unit, author=actor, language=language)
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(content)
        copy.flush()
        made = fill(Path(copy.name), form=form, language=language, values=[values])[0]
    if form == TemplateVersion.Format.TEXT:
        pdf = _on_letterhead(made.decode(), values, language=language, unit=unit, letter=letter)
        return Filled(name=f"{name}.pdf", content=pdf, media_type="application/pdf")
    media_type, suffix = MADE[form]
    return Filled(name=f"{name}.{suffix}", content=made, media_type=media_type)


def _on_letterhead(
    body: str,
    values: Mapping[str, str],
    *,
    language: str,
    unit: Department,
    letter: Letter | None,
) -> bytes:
    """Return the text as the paper that would leave, with an invented number and today's date."""
    now = timezone.localtime()
    to = to_sender(letter) if letter else None
    lines = [to.name, to.organisation, to.address] if to else _sample_lines(values)
    answered = SimpleNamespace(number=values["number"])
    context: dict[str, Any] = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "letter": SimpleNamespace(number=f"{now.year}/…/000000"),
        "answered": [(answered, _received(letter, now))],
        "registered": now,
        "hijri": Gregorian.fromdate(now.date()).to_hijri(),
        "unit": str(getattr(unit, f"name_{language}")),
        "to": [[isolate(line) for line in lines if line]],
        "reference": isolate(values["reference"]) if values["reference"] else "",
        "reply": SimpleNamespace(subject=values["subject"], body=body),
        "signed": isolate(values["signatory"]) if values["signatory"] else "",
        "signed_for": "",
        "picture": "",
    }
    return bilingual_pdf("correspondence/reply.html", context, tagged=True)


def _received(letter: Letter | None, now: datetime) -> datetime:
    return timezone.localtime(letter.received_at) if letter else now


def _sample_lines(values: Mapping[str, str]) -> list[str]:
    return [values["recipient_name"], values["recipient_organisation"], values["recipient_address"]]
