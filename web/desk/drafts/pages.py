"""Drafts of a department: their list, the page of a letter of its own, and the actions on it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from correspondence.acting.rights import reply_verbs_on, situation_before
from correspondence.answers.addressees import recipients_of
from correspondence.dispatch.sending import FOLLOWED, ways_offered
from correspondence.drafts import fresh
from correspondence.drafts.reading import drafts_of, drafts_read_by
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies.choosing import circuits_for
from org.people import permissions_of
from registry.refusals import DepositRefusedError
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from web.desk.drafts import form as given
from web.desk.drafts.paper import pdf_answer
from web.desk.reply_actions import ON_REPLY, made_file, seen_in, signs
from web.desk.reply_steps import walk_of
from web.retry_later import later_where_it_passes
from web.shared.as_pdf import may_be_pdf
from web.shared.files import stored
from web.shared.guard import (
    StaffRequest,
    files_refused,
    go_on,
    page,
    reads_letters,
    redirect_after,
    verb,
)
from web.shared.paging import page_of
from web.shared.reading import note_reading
from web.signin.confirmation import confirms

ROWS: Final = 30
SHOWN: Final = (
    ("sent", pgettext_lazy("drafts", "Sent")),
    ("own", gettext_lazy("Letters of our own")),
    ("bounced", gettext_lazy("Replies not delivered")),
)
LEFT: Final = (ReplyState.SENT, ReplyState.DELIVERED)


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show the drafts of the user's departments, the newest first.

    `?show=sent` shows those sent, `?show=own` those that answer nothing, `?show=bounced` those that
    came back.
    """
    shown = request.GET.get("show", "")
    rows = drafts_of(request.user)
    if shown == "own":
        rows = rows.filter(letter__isnull=True)
    elif shown == "bounced":
        rows = rows.filter(state=ReplyState.BOUNCED)
    else:
        rows = rows.filter(state__in=LEFT) if shown == "sent" else rows.exclude(state__in=LEFT)
    found = page_of(
        rows, order=["-changed_at", "-id"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    context = {
        "rows": found.rows,
        "next": found.next_cursor,
        "shown": shown if shown in dict(SHOWN) else "",
        "choices": SHOWN,
        "writes": bool(permissions_of(request.user).departments),
    }
    return render(request, "web/drafts.html", context)


def _draft(request: StaffRequest, reply_id: UUID) -> Reply:
    rows = drafts_read_by(request.user).select_related(
        *("department", "author", "approved_by", "letter__register", "outgoing", "file", "mailing")
    )
    return get_object_or_404(rows, pk=reply_id)


@page(reads_letters)
def show(request: StaffRequest, reply_id: UUID) -> HttpResponse:
    """Show a letter of the office's own; redirect a reply to the page of the letter it answers."""
    reply = _draft(request, reply_id)
    if reply.answers:
        target = f"{reverse('desk:letter', args=[reply.answers.pk])}#replies"
        return redirect_after(target, request)
    return _page(request, note_reading(request.user, reply))


def _given_to(reply: Reply) -> dict[int | None, Assignment]:
    """Return what each addressed department did last with a sent internal letter."""
    rows = Assignment.objects.filter(letter=reply.outgoing_id).select_related("person")
    return {row.department_id: row for row in rows.order_by("assigned_at", "pk")}


def _page(request: StaffRequest, reply: Reply, *, status: int = 200, **more: Any) -> HttpResponse:
    now = situation_before(request.user, reply)
    verbs = reply_verbs_on(now, reply) if now else set()
    to, permissions = recipients_of(reply), permissions_of(request.user)
    changes = "edit_reply" in verbs
    internal = reply.direction == Reply.Direction.INTERNAL
    given_to = _given_to(reply) if internal and reply.outgoing_id else {}
    context = {
        "reply": reply,
        "verbs": verbs,
        "to": [(one, given_to.get(one.department.pk if one.department else None)) for one in to],
        "rows": given.rows_shown(to) if changes and not internal else [],
        "units": given.unit_rows(to) if changes and internal else [],
        "levels": given.levels_of(permissions),
        "walk": walk_of(reply, now.turns(reply) if now else []),
        "circuits": circuits_for(reply.department, None) if "submit_reply" in verbs else [],
        "ways": [way for way in ways_offered() if way[0] not in FOLLOWED],
        "email": next((one.email for one in to if one.email), ""),
        "dispatches": Dispatch.objects.filter(reply=reply).order_by("asked_at"),
        "pdf": bool(reply.file and may_be_pdf(reply.file.media_type)),
        **more,
    }
    return render(request, "web/draft.html", context, status=status)


@verb(reads_letters)
@confirms(when=signs)
def on_draft(request: StaffRequest, reply_id: UUID, what: str) -> HttpResponseBase:
    """Do one action with a reply: change its addressees, edit, submit, approve, return, send."""
    reply = _draft(request, reply_id)
    do = _address if what == "address" else ON_REPLY.get(what)
    if do is None:
        raise Http404
    back = reverse("desk:draft", args=[reply.pk])
    try:
        messages.success(request, do(request, reply))
    except DepositRefusedError as error:
        if what == "edit":
            refused = _page(
                request,
                reply,
                status=422,
                refusals=[refusal.words() for refusal in error.refusals],
                typed=given.words_in(request),
            )
            return later_where_it_passes(refused, error.refusals)
        return files_refused(request, error, otherwise=back)
    except NotAllowedError as error:
        messages.error(request, str(error))
    return go_on(request, otherwise=back)


def _address(request: StaffRequest, reply: Reply) -> str:
    fresh.readdress(
        reply,
        actor=request.user,
        addressees=given.to_in(request, direction=reply.direction),
        confidentiality=given.level_in(request),
        answer_by=given.day_in(request),
        seen=seen_in(request),
    )
    return _("The addressees are kept.")


@page(reads_letters)
def draft_file(request: StaffRequest, reply_id: UUID) -> HttpResponseBase:
    """Serve the file of a draft as it is.

    `?pdf=1` serves it as PDF, where LibreOffice is installed; `?made=1` the archival version made
    of it.
    """
    reply = note_reading(request.user, _draft(request, reply_id))
    if reply.file is None:
        raise Http404
    if request.GET.get("made"):
        return made_file(reply)
    if request.GET.get("pdf"):
        return pdf_answer(reply.file, name=reply.file_name)
    return stored(reply.file, reply.file.media_type, name=reply.file_name or "letter")
