"""Templates kept by the administrator: uploaded, tried, versioned, retired; and filled."""

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from correspondence.answers.addressees import AddresseeData
from correspondence.forms.confined import fill
from correspondence.forms.fields import lacking_in, sample_values, values_for
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.refusals import refusal_words
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from language.lines import one_line
from org.history import record, values_of
from org.models import Department, LetterKind, OrgChange, User
from org.people import permissions_of
from registry.acts import record_act
from registry.files.receiving import Incoming, TooLargeError, receive
from registry.files.stored import stored_row
from registry.files.vault import get_vault
from registry.intake import IncomingFile
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

MOST_BYTES: Final = 10 * 1024 * 1024
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA: Final = {"docx": DOCX, "html": "text/html", "text": "text/plain"}
MADE: Final = {"docx": (DOCX, "docx"), "html": ("application/pdf", "pdf")}


class DrawnHere(IncomingFile):
    """A PDF/A that the office has drawn itself: it needs no conversion for archiving."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter out of a template: text for a draft, or a file."""

    text: str = ""
    name: str = ""
    content: bytes = b""
    media_type: str = ""
    lacking: tuple[str, ...] = ()  # fields that a text shows though they have no value

    @property
    def file(self) -> IncomingFile | None:
        """The letter as a file that a draft takes; None for text."""
        if not self.name:
            return None
        kind = DrawnHere if self.media_type == "application/pdf" else IncomingFile
        return kind(self.name, io.BytesIO(self.content))


def keep_template(
    *,
    actor: User | None,
    name: str,
    language: str,
    file: IncomingFile,
    department: Department | None = None,
    kind: LetterKind | None = None,
) -> ReplyTemplate:
    """Create a template with its first version.

    Raise NotAllowedError for a non-administrator or a missing name, and TemplateRefused where it
    cannot be filled with a sample letter.
    """
    need_administrator(actor)
    name = one_line(name, 200)
    if not name or language not in ReplyTemplate.Language.values:
        raise NotAllowedError(_("A template needs a name and a language."))
    form, incoming = _tried(file, language=language, actor=actor)
    try:
        get_vault().keep(incoming)
    finally:
        incoming.discard()
    with transaction.atomic():
        template = ReplyTemplate.objects.create(
            name=name, language=language, department=department, kind=kind
        )
        record(
            OrgChange.Noun.TEMPLATE,
            str(template.pk),
            "created",
            actor=actor,
            after=audit_values(template),
        )
        add_version(template, file.name, form=form, incoming=incoming, actor=actor)
    return template


def audit_values(template: ReplyTemplate) -> dict[str, Any]:
    """Return what a template is for, as its history keeps it."""
    said = values_of(template, ("language", "department", "kind"))
    return {"title": template.name, **said}


def new_version(
    template: ReplyTemplate, *, actor: User | None, file: IncomingFile, seen: int = 0
) -> TemplateVersion:
    """Add a new file to a template; the earlier versions stay. Raise as `keep_template`.

    `seen` is the number of the version that the person changed. Raise ConflictError where there is
    a newer one.
    """
    need_administrator(actor)
    form, incoming = _tried(file, language=template.language, actor=actor)
    try:
        get_vault().keep(incoming)
    finally:
        incoming.discard()
    with transaction.atomic():
        ReplyTemplate.objects.select_for_update().get(pk=template.pk)
        if seen and newest(template).number != seen:
            raise ConflictError
        return add_version(template, file.name, form=form, incoming=incoming, actor=actor)


def retire(template: ReplyTemplate, *, actor: User | None) -> None:
    """Retire a template for new drafts; earlier drafts stay. Raise ConflictError if retired."""
    need_administrator(actor)
    now = timezone.now()
    with transaction.atomic():
        rows = ReplyTemplate.objects.filter(pk=template.pk, retired_at__isnull=True)
        if not rows.update(retired_at=now):
            raise ConflictError
        record_act("template_retired", actor=actor, data={"template": template.pk})
        record(OrgChange.Noun.TEMPLATE, str(template.pk), "retired", actor=actor)
    template.retired_at = now


def all_templates() -> QuerySet[ReplyTemplate]:
    """Return every template with its versions, the newest first."""
    rows = TemplateVersion.objects.select_related("made_by", "file")
    return ReplyTemplate.objects.select_related("department", "kind").prefetch_related(
        Prefetch("versions", rows)
    )


def templates_for(
    actor: User, *, department: Department | None = None, letter: Letter | None = None
) -> QuerySet[ReplyTemplate]:
    """Return the templates from which this person may draft.

    Of all departments and of theirs, for any kind and for that of the letter.
    """
    codes = [department.code] if department else list(permissions_of(actor).departments)
    kinds = Q(kind__isnull=True)
    if letter and letter.kind_id:
        kinds |= Q(kind=letter.kind_id)
    rows = all_templates().filter(kinds, retired_at__isnull=True)
    mine = Q(department__isnull=True) | Q(department__code__in=codes)
    return rows.filter(mine).order_by("name", "pk")


def newest(template: ReplyTemplate) -> TemplateVersion:
    """Return the version in use today."""
    return TemplateVersion.objects.filter(template=template).order_by("-number")[:1].get()


def fill_version(
    version: TemplateVersion, values: Sequence[Mapping[str, str]], *, name: str = ""
) -> list[Filled]:
    """Return a letter for each of the values; raise TemplateRefused. Takes seconds."""
    form, language = version.format, version.template.language
    with tempfile.NamedTemporaryFile() as copy:
        with get_vault().open(version.file.sha256) as stream:
            source = stream.read()
        copy.write(source)
        copy.flush()
        made = fill(Path(copy.name), form=form, language=language, values=values)
    if form == TemplateVersion.Format.TEXT:
        text = source.decode(errors="replace")
        return [
            Filled(text=content.decode(), lacking=lacking_in(text, one))
            for content, one in zip(made, values, strict=True)
        ]
    media_type, suffix = MADE[form]
    title = f"{one_line(name or version.template.name, 100)}.{suffix}"
    return [Filled(name=title, content=content, media_type=media_type) for content in made]


def fill_for(
    template: ReplyTemplate,
    *,
    actor: User,
    department: Department,
    letter: Letter | None = None,
    to: AddresseeData | None = None,
    subject: str = "",
) -> Filled:
    """Fill the template's newest version for this letter and addressee. Takes seconds.

    Raise NotAllowedError with why it cannot be filled.
    """
    values = values_for(
        department=department,
        author=actor,
        language=template.language,
        letter=letter,
        to=to,
        subject=subject,
    )
    try:
        return fill_version(newest(template), [values], name=subject)[0]
    except TemplateRefused as refused:
        raise NotAllowedError(refusal_words(refused)) from refused


def fill_text(body: str, values: Sequence[Mapping[str, str]]) -> list[Filled]:
    """Fill a text with fields, as a person typed it, for each of the values.

    Raise TemplateRefused.
    """
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(body.encode(errors="replace"))
        copy.flush()
        made = fill(Path(copy.name), form="text", language="fr", values=values)
    return [Filled(text=content.decode()) for content in made]


def preview(version: TemplateVersion, *, actor: User) -> Filled:
    """Fill the version with a fictitious letter; raise TemplateRefused."""
    unit = version.template.department or Department.objects.order_by("position", "code")[0]
    values = sample_values(department=unit, author=actor, language=version.template.language)
    return fill_version(version, [values])[0]


def need_administrator(actor: User | None) -> None:
    """Raise NotAllowedError for everybody but administrators and the office itself (None)."""
    if actor and permissions_of(actor).duty != User.Duty.ADMINISTRATOR:
        raise NotAllowedError(_("Templates are kept by administrators."))


def _tried(file: IncomingFile, *, language: str, actor: User | None) -> tuple[str, Incoming]:
    """Return the format of an upload and its private copy, when it can be filled."""
    try:
        incoming = receive(file.stream, limit=MOST_BYTES)
    except TooLargeError as error:
        raise TemplateRefused("too_large") from error
    try:
        form = _format_of(file.name, incoming.path)
        unit = Department.objects.order_by("position", "code")[0]
        values = sample_values(department=unit, author=actor, language=language)
        fill(incoming.path, form=form, language=language, values=[values])
    except BaseException:
        incoming.discard()
        raise
    return form, incoming


def _format_of(name: str, path: Path) -> str:
    suffix = PurePath(name).suffix.lower()
    with path.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    if suffix == ".docx" and packed:
        return "docx"
    try:
        text = path.read_text(encoding="utf-8")
    except ValueError as error:
        raise TemplateRefused("format") from error
    if "\0" in text or suffix not in (".html", ".htm", ".txt"):
        raise TemplateRefused("format")
    return "text" if suffix == ".txt" else "html"


def add_version(
    template: ReplyTemplate, name: str, *, form: str, incoming: Incoming, actor: User | None
) -> TemplateVersion:
    """Add the next version, inside the transaction that holds the template; the vault has it."""
    versions = TemplateVersion.objects.filter(template=template)
    last = versions.aggregate(last=Max("number"))["last"] or 0
    version = TemplateVersion.objects.create(
        template=template,
        number=last + 1,
        format=form,
        file=stored_row(incoming.stored, media_type=MEDIA[form]),
        file_name=one_line(name, 255) or f"template.{form}",
        made_by=actor,
        made_at=timezone.now(),
    )
    data = {
        "template": template.pk,
        "version": version.number,
        "sha256": incoming.stored.sha256,
        "name": template.name,
    }
    record_act("template_version", actor=actor, data=data)
    after = {"version": version.number}
    record(OrgChange.Noun.TEMPLATE, str(template.pk), "version", actor=actor, after=after)
    return version
