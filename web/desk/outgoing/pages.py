"""Outgoing mail: to be posted, posting lists, at the counter, unacknowledged, returned."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from correspondence.dispatch import handing, posting, rights, undelivered
from correspondence.dispatch import lists as dispatch_lists
from correspondence.models.dispatch import Dispatch, PostingLine, PostingList
from language.bidi import isolate
from org.people import Permissions, permissions_of
from web.context import permissions_for
from web.shared.files import stored
from web.shared.guard import StaffRequest, is_office, page, reads_letters
from web.shared.paging import page_of

ROWS: Final = 30


@dataclass(frozen=True, slots=True)
class LineRow:
    """A letter to be posted, with its addressee.

    `right`: its tracking number has the right check digit; `drawn`: its paper is drawn; `ready`:
    the next list takes it.
    """

    line: PostingLine
    addressee: str
    right: bool
    drawn: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """A dispatch in a list: addressee, problem in words, and the user's possible actions."""

    dispatch: Dispatch
    addressee: str
    problem: str
    identity: str
    verbs: frozenset[str]


def _tabs(request: StaffRequest, at: str) -> dict[str, Any]:
    return {
        "at": at,
        "back_count": dispatch_lists.came_back_for(request.user).count(),
        "reasons": undelivered.ReturnReason.choices,
        "office_only": is_office(_permissions(request)),
    }


def _permissions(request: StaffRequest) -> Permissions:
    """Return the permissions of the user, read once a request."""
    return permissions_for(request) or permissions_of(request.user)


@page(is_office)
def to_post(request: StaffRequest) -> HttpResponse:
    """Show what waits to be posted; `?way=registered` (the default) or `?way=post`."""
    way = "post" if request.GET.get("way") == "post" else "registered"
    waiting = posting.to_be_posted(way)
    found = page_of(waiting, order=["id"], cursor=request.GET.get("from", ""), limit=ROWS)
    parties = Dispatch.objects.filter(pk__in=[line.dispatch_id for line in found.rows])
    to = {d.pk: posting.addressee(d) for d in parties.prefetch_related("letter__parties")}
    drawn = posting.drawn_among([line.dispatch for line in found.rows])
    rows = [
        LineRow(
            line,
            addressee=to[line.dispatch_id],
            right=posting.s10_is_right(line.tracking_number),
            drawn=line.dispatch_id in drawn,
            ready=posting.is_ready(line, drawn),
        )
        for line in found.rows
    ]
    context = {
        "way": way,
        "rows": rows,
        "next": found.next_cursor,
        "counts": {code: posting.to_be_posted(code).count() for code in ("registered", "post")},
        **_tabs(request, "post"),
    }
    return render(request, "web/outgoing_post.html", context)


@page(is_office)
def lists(request: StaffRequest) -> HttpResponse:
    """Show the closed lists, the newest first."""
    found = page_of(
        dispatch_lists.posting_lists(),
        order=["-closed_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {"rows": found.rows, "next": found.next_cursor, **_tabs(request, "lists")}
    return render(request, "web/outgoing_lists.html", context)


@page(is_office)
def list_file(request: StaffRequest, list_id: int) -> HttpResponseBase:
    """Serve a closed list as PDF, once it is drawn."""
    row = get_object_or_404(PostingList.objects.select_related("file"), pk=list_id)
    if row.file is None:
        raise Http404
    return stored(row.file, "application/pdf", name=f"{row.number.replace('/', '-')}.pdf")


@page(reads_letters)
def counter(request: StaffRequest) -> HttpResponse:
    """Show letters that wait for their addressee to come and sign."""
    rows = dispatch_lists.at_the_counter(request.user)
    return _listed(request, rows, at="counter", order=["asked_at", "id"])


@page(reads_letters)
def waiting(request: StaffRequest) -> HttpResponse:
    """Show registered letters without their acknowledgement.

    `?number=` finds one by its tracking number, as a scanner reads it.
    """
    rows = dispatch_lists.unacknowledged(request.user)
    if number := "".join(request.GET.get("number", "").split()).upper()[:30]:
        rows = rows.filter(posting_line__tracking_number=number)
    return _listed(request, rows, at="waiting", order=["at", "id"], number=number)


@page(reads_letters)
def came_back(request: StaffRequest) -> HttpResponse:
    """Show what did not reach its addressee, until somebody has dealt with it."""
    rows = dispatch_lists.came_back_for(request.user)
    return _listed(request, rows, at="back", order=["-asked_at", "-id"])


def _listed(
    request: StaffRequest, rows: "QuerySet[Dispatch]", *, at: str, order: list[str], **more: Any
) -> HttpResponse:
    found = page_of(rows, order=order, cursor=request.GET.get("from", ""), limit=ROWS)
    context = {
        "rows": [row_of(_permissions(request), dispatch) for dispatch in found.rows],
        "next": found.next_cursor,
        **_tabs(request, at),
        **more,
    }
    return render(request, "web/outgoing_dispatches.html", context)


def row_of(permissions: Permissions, dispatch: Dispatch) -> DispatchRow:
    """Return a dispatch as a list shows it; no extra query where its rows are prefetched."""
    return DispatchRow(
        dispatch=dispatch,
        addressee=posting.addressee(dispatch),
        problem=undelivered.dispatch_problem(dispatch),
        identity=_identity_words(permissions, dispatch),
        verbs=frozenset(rights.dispatch_verbs(permissions, dispatch)),
    )


def _identity_words(permissions: Permissions, dispatch: Dispatch) -> str:
    """Return the identity document that was shown; its number for clerks alone."""
    if "identity" not in dispatch.proof:
        return ""
    identity = handing.identity_of(dispatch)
    label = str(dict(handing.IdentityKind.choices).get(identity.kind, ""))
    return f"{label} {isolate(identity.number)}" if permissions.is_office else label
