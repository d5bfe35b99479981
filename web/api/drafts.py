"""Drafts over the API: the office's own letters, internal ones, several letters, mailings."""

from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.answers import several
from correspondence.answers.addressees import AddresseeData
from correspondence.drafts import fresh
from correspondence.drafts.fresh import may_write
from correspondence.drafts.mailings import make_mailing
from correspondence.drafts.reading import drafts_of, drafts_read_by, mailings_of
from correspondence.forms.keeping import newest, templates_for
from correspondence.models.drafts import Mailing
from correspondence.models.forms import TemplateVersion
from correspondence.models.replies import Reply
from org.models import Department
from registry.access import get_letter
from registry.models.letters import Letter
from web.api.access import caller
from web.api.codes import no_such_code
from web.api.draft_shapes import (
    DraftIn,
    DraftOut,
    DraftPage,
    DraftsAsked,
    MailingIn,
    MailingOut,
)
from web.api.etags import ETAG, tag_of, tagged
from web.api.listing import listed
from web.api.once import ONCE, make_once
from web.api.shape import shown
from web.api.templates import begun_from
from web.api.view import ApiView, checked, get_or_404, operation, validated_query
from web.shared.reading import note_reading


def _unit(code: str, field: str) -> Department:
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise no_such_code(field, code)
    return found


def _to(rows: list[dict[str, Any]]) -> list[AddresseeData]:
    units = {u.code: u for u in Department.objects.filter(code__in=[r["department"] for r in rows])}
    for row in rows:
        if row["department"] and row["department"] not in units:
            raise no_such_code("addressees", row["department"])
    return [AddresseeData(**{**row, "department": units.get(row["department"])}) for row in rows]


class DraftsView(ApiView):
    """Drafts of departments."""

    @operation("list_drafts", DraftPage, 400, asks=[DraftsAsked])
    def get(self, request: Request) -> Response:
        """List replies and letters of the caller's departments, the newest first."""
        viewer, given = caller(request), validated_query(DraftsAsked, request)
        rows = drafts_of(viewer).prefetch_related("addressees__department")
        if "state" in given:
            rows = rows.filter(state=given["state"])
        if "changed_since" in given:
            rows = rows.filter(changed_at__gte=given["changed_since"])
        page = listed(rows, DraftsAsked, given)
        return shown(DraftPage, page, further=several.further_of(page.rows, viewer))

    @operation("draft_letter", DraftOut, 400, 403, asks=[ONCE], takes=DraftIn, status=201)
    def post(self, request: Request) -> Response:
        """Begin a letter that answers none: outgoing, or internal.

        It is submitted, approved and sent like a reply.
        """
        actor, given = caller(request), checked(DraftIn, request)
        said = dict(given)
        given["department"] = unit = _unit(given["department"], "department")
        given["addressees"] = _to(given["addressees"])
        template = given.pop("template")
        if template is not None:
            may_write(actor, unit, confidentiality=given["confidentiality"])
            first = next((to for to in given["addressees"] if to.role == "recipient"), None)
            given = begun_from(template, given, actor=actor, department=unit, to=first)
        make = partial(fresh.draft_letter, actor=actor, **given)
        row = make_once(request, Reply, lambda pk: make(pk=pk), said=said)
        return shown(DraftOut, row, status=201, further={})


class DraftView(ApiView):
    """One draft."""

    @operation("get_draft", DraftOut, 404, asks=[ETAG])
    def get(self, request: Request, reply_id: UUID) -> Response:
        """Return a reply or a letter of the office's own, with its addressees."""
        viewer = caller(request)
        rows = drafts_read_by(viewer).select_related("department", "author", "outgoing")
        row = note_reading(viewer, get_or_404(rows.filter(pk=reply_id)))
        further = several.further_of([row], viewer)
        return tagged(shown(DraftOut, row, further=further), tag_of(row))


class MailingsView(ApiView):
    """Mailings."""

    @operation("make_mailing", MailingOut, 400, 403, 404, asks=[ONCE], takes=MailingIn, status=202)
    def post(self, request: Request) -> Response:
        """Ask for a reply to each of the addressees; a job writes them."""
        actor, given = caller(request), checked(MailingIn, request)
        letter = get_letter(actor, given["letter"]) if given["letter"] else None
        if not (letter or given["department"]):
            raise ValidationError({"department": [_("Name a department or a letter.")]})
        units = Department.objects.order_by("position", "code")
        code = given["department"]
        make = partial(
            make_mailing,
            actor=actor,
            department=_unit(code, "department") if code else units[0],
            letter=letter,
            subject=given["subject"],
            body=given["body"],
            version=_version(request, given["template"], letter),
            addressees=_to(given["addressees"]),
            confidentiality=given["confidentiality"],
        )
        mailing = make_once(request, Mailing, lambda pk: make(pk=pk), said=given)
        return shown(MailingOut, mailing, status=202)


def _version(request: Request, pk: int | None, letter: Letter | None) -> TemplateVersion | None:
    if pk is None:
        return None
    found = templates_for(caller(request), letter=letter).filter(pk=pk).first()
    if found is None:
        raise ValidationError({"template": [_("There is no such template.")]})
    return newest(found)


class MailingView(ApiView):
    """One mailing."""

    @operation("get_mailing", MailingOut, 404, asks=[ETAG])
    def get(self, request: Request, mailing_id: UUID) -> Response:
        """Return the addressees, with the state of each reply."""
        row = get_or_404(mailings_of(caller(request)).filter(pk=mailing_id))
        return tagged(shown(MailingOut, row), tag_of(row))
