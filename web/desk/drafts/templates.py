"""Templates of replies, for administrators: their list, new ones, and each version's file."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.forms import keeping
from correspondence.forms.changing import as_file, take_back, use_again
from correspondence.forms.fields import FIELDS
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.refusals import refusal_words
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from ocr.errors import ReaderFailed, Unreadable
from org.models import Department, LetterKind
from routing.acting.errors import NotAllowedError
from web.desk.drafts.paper import bytes_answer
from web.desk.files import file_in
from web.shared.as_pdf import may_be_pdf, pdf_of
from web.shared.files import stored
from web.shared.guard import StaffRequest, go_on, keeps_models, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30
VERBS: Final = ("version", "retire", "restore", "again")


@page(keeps_models)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all templates with their versions, a form for another, and the available fields."""
    return _page(request)


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = page_of(
        keeping.all_templates(), order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "departments": Department.objects.filter(active=True),
        "kinds": LetterKind.objects.filter(active=True),
        "template_languages": ReplyTemplate.Language.choices,
        "fields": FIELDS.items(),
        "typed": request.POST,
        **more,
    }
    return render(request, "web/reply_templates.html", context, status=status)


@verb(keeps_models)
def new(request: StaffRequest) -> HttpResponse:
    """Save a template, unless it cannot be filled with a sample letter."""
    unit, kind = scope_in(request)
    file, text = file_in(request), request.POST.get("text", "")
    if file and text.strip():
        return _page(request, status=422, refusal=_("Write a text or choose a file, not both."))
    if text.strip():
        file = as_file(text, form="text")
    if file is None:
        return _page(request, status=422, refusal=_("Write a text or choose a file."))
    try:
        made = keeping.keep_template(
            actor=request.user,
            name=request.POST.get("name", ""),
            language=request.POST.get("language", ""),
            department=unit,
            kind=kind,
            file=file,
        )
    except TemplateRefused as refused:
        return _page(request, status=422, refusal=refusal_words(refused))
    except NotAllowedError as error:
        return _page(request, status=422, refusal=str(error))
    messages.success(request, _("The template is kept."))
    return redirect_after(reverse("desk:reply_template", args=[made.pk]), request)


def scope_in(request: StaffRequest) -> tuple[Department | None, LetterKind | None]:
    """Return the department and the kind that the form names; None for all."""
    unit = Department.objects.filter(code=request.POST.get("department", "")).first()
    return unit, LetterKind.objects.filter(code=request.POST.get("kind", "")).first()


@verb(keeps_models)
def on_template(request: StaffRequest, template_id: int, what: str) -> HttpResponse:
    """Add a new version, go back to an earlier one, retire a template or use it again."""
    template = get_object_or_404(ReplyTemplate, pk=template_id)
    if what not in VERBS:
        raise Http404
    try:
        words = _do(request, template, what)
    except TemplateRefused as refused:
        messages.error(request, refusal_words(refused))
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return go_on(request, otherwise=reverse("desk:reply_template", args=[template.pk]))


def _do(request: StaffRequest, template: ReplyTemplate, what: str) -> str:
    if what == "retire":
        keeping.retire(template, actor=request.user)
        return _("The template is retired.")
    if what == "again":
        use_again(template, actor=request.user)
        return _("The template is in use again.")
    if what == "restore":
        number = request.POST.get("version", "")
        rows = TemplateVersion.objects.select_related("template", "file").filter(template=template)
        if not (number.isascii() and number.isdecimal() and len(number) < 9):
            raise Http404
        version = take_back(get_object_or_404(rows, number=int(number)), actor=request.user)
    else:
        file = file_in(request)
        if file is None:
            raise NotAllowedError(_("Choose a file."))
        version = keeping.new_version(template, actor=request.user, file=file)
    return _("Version %(number)s is kept.") % {"number": version.number}


def _version(version_id: int) -> TemplateVersion:
    rows = TemplateVersion.objects.select_related("template__department", "file")
    return get_object_or_404(rows, pk=version_id)


@page(keeps_models)
def preview(request: StaffRequest, version_id: int) -> HttpResponseBase:
    """Serve a version filled with a sample letter: as PDF where one can be made, else as it is."""
    version = _version(version_id)
    try:
        filled = keeping.preview(version, actor=request.user)
    except TemplateRefused as refused:
        return _page(request, status=422, refusal=refusal_words(refused))
    if not filled.name:
        return _page(request, sample=filled.text, sample_of=version)
    return paper_answer(filled, name=f"{version.template.name}.pdf")


def paper_answer(filled: keeping.Filled, *, name: str) -> HttpResponseBase:
    """Serve a filled template as PDF where one can be made, else as it is."""
    if may_be_pdf(filled.media_type):
        try:
            content = pdf_of(filled.content)
            return bytes_answer(content, "application/pdf", name=name, inline=True)
        except (Unreadable, ReaderFailed):
            pass  # then the document itself
    shown = filled.media_type == "application/pdf"
    return bytes_answer(filled.content, filled.media_type, name=filled.name, inline=shown)


@page(keeps_models)
def version_file(request: StaffRequest, version_id: int) -> HttpResponseBase:
    """Serve a version as it was uploaded."""
    version = _version(version_id)
    return stored(version.file, version.file.media_type, name=version.file_name)
