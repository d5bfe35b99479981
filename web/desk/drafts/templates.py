"""Templates of replies, for administrators: uploaded, tried with a sample letter, retired."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from correspondence.forms import keeping
from correspondence.forms.fields import FIELDS
from correspondence.forms.grammar import TemplateRefused
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from ocr.errors import ReaderFailed, Unreadable
from org.models import Department, LetterKind
from routing.acting.errors import NotAllowedError
from web.desk.drafts import form as given
from web.desk.drafts.paper import bytes_answer
from web.desk.guard import StaffRequest, go_on, keeps_models, page, verb
from web.shared.as_pdf import may_be_pdf, pdf_of
from web.shared.files import stored
from web.shared.paging import page_of

ROWS: Final = 30


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
        "name": request.POST.get("name", ""),
        **more,
    }
    return render(request, "web/reply_templates.html", context, status=status)


@verb(keeps_models)
def new(request: StaffRequest) -> HttpResponse:
    """Save a template, unless it cannot be filled with a sample letter."""
    unit = Department.objects.filter(code=request.POST.get("department", "")).first()
    kind = LetterKind.objects.filter(code=request.POST.get("kind", "")).first()
    file = given.file_in(request)
    if file is None:
        return _page(request, status=422, refusal=_("Choose a file."))
    try:
        keeping.keep_template(
            actor=request.user,
            name=request.POST.get("name", ""),
            language=request.POST.get("language", ""),
            department=unit,
            kind=kind,
            file=file,
        )
    except TemplateRefused as refused:
        return _page(request, status=422, refusal=keeping.refusal_words(refused))
    except NotAllowedError as error:
        return _page(request, status=422, refusal=str(error))
    messages.success(request, _("The template is kept."))
    return go_on(request, otherwise="/templates/")


@verb(keeps_models)
def on_template(request: StaffRequest, template_id: int, what: str) -> HttpResponse:
    """Add a new version, or retire a template."""
    template = get_object_or_404(ReplyTemplate, pk=template_id)
    if what == "retire":
        keeping.retire(template, actor=request.user)
        messages.success(request, _("The template is retired."))
        return go_on(request, otherwise="/templates/")
    if what != "version":
        raise Http404
    file = given.file_in(request)
    if file is None:
        return _page(request, status=422, refusal=_("Choose a file."))
    try:
        version = keeping.new_version(template, actor=request.user, file=file)
    except TemplateRefused as refused:
        return _page(request, status=422, refusal=keeping.refusal_words(refused))
    messages.success(request, _("Version %(number)s is kept.") % {"number": version.number})
    return go_on(request, otherwise="/templates/")


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
        return _page(request, status=422, refusal=keeping.refusal_words(refused))
    if not filled.name:
        return _page(request, sample=filled.text, sample_of=version)
    if may_be_pdf(filled.media_type):
        try:
            name = f"{version.template.name}.pdf"
            return bytes_answer(pdf_of(filled.content), "application/pdf", name=name)
        except (Unreadable, ReaderFailed):
            pass  # then the document itself
    return bytes_answer(filled.content, filled.media_type, name=filled.name)


@page(keeps_models)
def version_file(request: StaffRequest, version_id: int) -> HttpResponseBase:
    """Serve a version as it was uploaded."""
    version = _version(version_id)
    return stored(version.file, version.file.media_type, name=version.file_name)
