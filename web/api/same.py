"""Related letters over the API: listing proposals, deciding, undoing."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.doubles.same_mail import LinkNotAllowedError, link_letters, near_to, undo_link
from registry.models.letters import Letter
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.api import letter_parts as parts
from web.api import requests
from web.api.access import caller
from web.api.codes import no_such_code
from web.api.etags import IF_MATCH, unchanged
from web.api.shape import shown
from web.api.view import ApiView, checked, operation
from web.shared.same_letters import other_letter, readable_link


class SameView(ApiView):
    """Letters related to a letter."""

    @operation("list_same", parts.SameListOut, 404)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """List letters that are probably the same, and those that a person linked with it."""
        viewer = caller(request)
        return shown(parts.SameListOut, related(viewer, get_letter(viewer, letter_id)))


class UndoView(ApiView):
    """Undoing of a link."""

    @operation(
        "undo_link", parts.SameListOut, 400, 403, 404, 409, asks=[IF_MATCH], takes=requests.ReasonIn
    )
    def post(self, request: Request, letter_id: UUID, link_id: UUID) -> Response:
        """Undo a link, with a reason; both letters are compared again."""
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        need(actor, letter, LetterVerb.LINK)
        given = checked(requests.ReasonIn, request)
        link = readable_link(actor, letter, link_id)
        if link is None:
            raise Http404
        with unchanged(request, letter):
            undo_link(link, actor=actor, reason=given["reason"])
        return shown(parts.SameListOut, related(actor, letter))


def link(letter: Letter, *, actor: User, other: str, kind: str) -> None:
    """Link the letter with another, named by its id or number."""
    try:
        row = other_letter(actor, other)
        need(actor, row, LetterVerb.LINK)
        link_letters(letter, row, kind=kind, actor=actor)
    except NoSuchLetterError as error:
        raise no_such_code("other", other) from error
    except LinkNotAllowedError as error:
        raise ValidationError({"other": [str(error)]}) from error


def related(viewer: User, letter: Letter) -> dict[str, Any]:
    """Return the letters related to this one."""
    return {"same": near_to(letter, viewer)}
