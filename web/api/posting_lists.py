"""Lists for the post office over the API: closed, listed, their contents."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from correspondence.dispatch import lists, posting
from correspondence.models.dispatch import PostingList
from org.models import User
from org.people import permissions_of
from routing.acting.errors import NotAllowedError
from web.api import outgoing_shapes as shapes
from web.api.access import caller
from web.api.listing import listed
from web.api.shape import shown
from web.api.view import (
    ApiView,
    AsItIs,
    checked,
    file_answer,
    get_or_404,
    operation,
    validated_query,
)
from web.shared.files import stored


class ListsView(ApiView):
    """Lists for the post office."""

    @operation("posting_lists", shapes.ListsPage, 400, 403, asks=[shapes.ListsAsked])
    def get(self, request: Request) -> Response:
        """List the closed lists, the newest first."""
        _need_clerk(caller(request))
        given = validated_query(shapes.ListsAsked, request)
        page = listed(lists.posting_lists(), shapes.ListsAsked, given)
        return shown(shapes.ListsPage, page)

    @operation("close_posting_list", shapes.ListOut, 400, 403, takes=shapes.CloseIn, status=201)
    def post(self, request: Request) -> Response:
        """Close the list of what is posted now; its letters count as sent once it is drawn."""
        closed = posting.close_posting_list(
            actor=caller(request), **checked(shapes.CloseIn, request)
        )
        return shown(shapes.ListOut, closed.posting_list, status=201)


def _need_clerk(actor: User) -> None:
    if not permissions_of(actor).is_office:
        raise NotAllowedError(_("Letters are posted by the registry office."))


class ListContentView(ApiView):
    """PDF of a list."""

    content_negotiation_class = AsItIs

    @operation("posting_list_content", file_answer("application/pdf"), takes=None)
    def get(self, request: Request, list_id: int) -> Any:
        """Return the PDF of a closed list, once it is drawn."""
        _need_clerk(caller(request))
        row = get_or_404(PostingList.objects.filter(pk=list_id).select_related("file"))
        if row.file is None:
            raise Http404
        return stored(row.file, "application/pdf", name=f"{row.number.replace('/', '-')}.pdf")
