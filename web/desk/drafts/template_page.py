"""A template in its page: changed as text, tried as a paper, with its versions and history."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.forms import changing, keeping
from correspondence.forms.fields import FIELDS
from correspondence.forms.grammar import TemplateRefused
from correspondence.forms.refusals import mistake_sentences
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from org.models import Department, LetterKind, OrgChange
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from web.desk.administration.history import history_of
from web.desk.drafts.templates import paper_answer, scope_in
from web.shared.guard import StaffRequest, form, keeps_models, redirect_after


@form(keeps_models)
def template(request: StaffRequest, template_id: int) -> HttpResponseBase:
    """Show a template, keep what was changed, or show it filled: a sample, or a letter."""
    row = get_object_or_404(keeping.all_templates(), pk=template_id)
    if request.method != "POST":
        return _page(request, row)
    try:
        if request.POST.get("preview"):
            return _paper(request, row)
        words = _keep(request, row)
    except TemplateRefused as refused:
        return _page(request, row, refused=refused, status=422)
    except NotAllowedError as error:
        return _page(request, row, refusal=str(error), status=422)
    except ConflictError:
        told = _("Somebody changed this template meanwhile. Please look again.")
        return _page(request, row, refusal=told, status=409)
    messages.success(request, words)
    return redirect_after(reverse("desk:reply_template", args=[row.pk]), request)


def _keep(request: StaffRequest, row: ReplyTemplate) -> str:
    """Keep details and text; the text first, since it may be refused."""
    unit, kind = scope_in(request)
    version = None
    seen = request.POST.get("seen", "")
    if "text" in request.POST:
        number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0
        version = changing.write_source(
            row, actor=request.user, source=request.POST["text"], seen=number
        )
    name = request.POST.get("name", "")
    outcome = changing.save_details(row, actor=request.user, name=name, department=unit, kind=kind)
    if version:
        return _("Version %(number)s is kept.") % {"number": version.number}
    return _("The template is kept.") if outcome == "changed" else _("Nothing was changed.")


def _paper(request: StaffRequest, row: ReplyTemplate) -> HttpResponseBase:
    """Return what is typed as a paper; raise NotAllowedError for a letter that may not be read."""
    version = row.versions.all()[0]
    content = request.POST["text"].encode() if "text" in request.POST else b""
    letter = _letter(request) if request.POST["preview"] == "letter" else None
    filled = changing.try_source(
        content or changing.content_of(version),
        form=version.format,
        language=row.language,
        name=row.name,
        actor=request.user,
        department=row.department,
        letter=letter,
    )
    return paper_answer(filled, name=f"{row.name}.pdf")


def _letter(request: StaffRequest) -> Letter:
    number = request.POST.get("letter", "").strip()
    rows = Letter.objects.visible_to(request.user).select_related("department", "kind")
    found: Letter | None = rows.filter(number=number[:60]).first() if number else None
    if found is None:
        raise NotAllowedError(_("There is no letter of this number that you may read."))
    return found


def _page(
    request: StaffRequest,
    row: ReplyTemplate,
    *,
    status: int = 200,
    refused: TemplateRefused | None = None,
    refusal: str = "",
) -> HttpResponse:
    versions: list[TemplateVersion] = list(row.versions.all())
    newest, typed = versions[0], request.POST
    text = typed["text"] if "text" in typed else changing.source_of(newest)
    context: dict[str, Any] = {
        "row": row,
        "versions": versions,
        "newest": newest,
        "written": newest.format in changing.WRITTEN,
        "text": text,
        "lines": text.count("\n") + 3,
        "seen": typed.get("seen", newest.number),
        "name": typed.get("name", row.name),
        "department": typed.get("department", row.department.code if row.department else ""),
        "kind": typed.get("kind", row.kind.code if row.kind else ""),
        "letter": typed.get("letter", ""),
        "departments": Department.objects.filter(active=True),
        "kinds": LetterKind.objects.filter(active=True),
        "fields": FIELDS.items(),
        "mistakes": mistake_sentences(refused) if refused else [],
        "refusal": refusal,
        **history_of(OrgChange.Noun.TEMPLATE, row.pk),
    }
    return render(request, "web/reply_template.html", context, status=status)
