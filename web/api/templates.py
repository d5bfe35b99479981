"""Templates over the API: those from which the caller may begin a draft, and filling them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from correspondence.answers.addressees import AddresseeData
from correspondence.forms.keeping import Filled, fill_for, templates_for
from correspondence.models.forms import ReplyTemplate, TemplateVersion
from org.models import Department, User
from registry.access import get_letter
from registry.models.letters import Letter
from web.api.access import caller
from web.api.codes import no_such_code
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape
from web.api.view import ApiView


class TemplatesAsked(Listed):
    """Templates for a reply to this letter, or for letters of this department.

    Without either, all that the caller may use.
    """

    ORDERS = both_ways("name", "name", "id")

    letter = serializers.UUIDField(required=False)
    department = serializers.CharField(required=False, help_text="Code of a department.")


class TemplateOut(Shape):
    """A prepared letter.

    Its `id` is passed as `template` at the beginning of a draft, of a reply or of a mailing.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField(help_text="ar, fr or en.")
    department = serializers.CharField(
        source="department.code", allow_null=True, help_text="Null: of all departments."
    )
    kind = serializers.CharField(
        source="kind.code", allow_null=True, help_text="Null: for letters of any kind."
    )
    version = serializers.IntegerField(help_text="The one that is filled today.")
    format = serializers.CharField(help_text="docx, html or text.")
    becomes = serializers.ChoiceField(
        ["text", "file"], help_text="What it fills: the text of the draft, or its file."
    )

    def show_version(self, template: ReplyTemplate) -> int:
        """Return the number of the newest version."""
        return _newest(template).number

    def show_format(self, template: ReplyTemplate) -> str:
        """Return the format of the newest version."""
        return _newest(template).format

    def show_becomes(self, template: ReplyTemplate) -> str:
        """Return what the newest version fills."""
        return "text" if _newest(template).format == TemplateVersion.Format.TEXT else "file"


class TemplatePage(PageShape):
    """Templates by name. `next_cursor` is empty on the last page."""

    templates = TemplateOut(source="rows", many=True)


def _newest(template: ReplyTemplate) -> TemplateVersion:
    return template.versions.all()[0]  # prefetched, the newest first


class TemplatesView(ApiView):
    """Templates."""

    @lists("list_templates", TemplatesAsked, TemplatePage, 404)
    def get(self, request: Request, given: Given) -> Rows:
        """List the templates from which the caller may begin a draft."""
        actor = caller(request)
        letter = get_letter(actor, given["letter"]) if "letter" in given else None
        rows = templates_for(actor, letter=letter)
        if "department" in given:
            _check_unit(given["department"])
            rows = rows.filter(Q(department=None) | Q(department__code=given["department"]))
        return rows


def _check_unit(code: str) -> None:
    if not Department.objects.filter(code=code).exists():
        raise no_such_code("department", code)


def begun_from(
    pk: int | None,
    given: dict[str, Any],
    *,
    actor: User,
    department: Department,
    letter: Letter | None = None,
    to: AddresseeData | None = None,
) -> dict[str, Any]:
    """Return a draft's values, with text or file out of the template where no text is given.

    Raise ValidationError for a template that is not the actor's.
    """
    if pk is None:
        return given
    rows = templates_for(actor, letter=letter, department=None if letter else department)
    template = rows.filter(pk=pk).first()
    if template is None:
        raise ValidationError({"template": [_("There is no such template.")]})
    filled = Filled()
    if not given["body"].strip():
        subject = given["subject"]
        filled = fill_for(
            template, actor=actor, department=department, letter=letter, to=to, subject=subject
        )
    return given | {
        "body": given["body"] or filled.text,
        "file": given.get("file") or filled.file,
        "language": template.language,
    }
