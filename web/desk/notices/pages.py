"""A person's notifications: all or the unread ones, opened, and marked as read."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notices.kinds import NoticeKind
from notices.models import Notice
from notices.reading import mark_read, notices_of
from notices.words import address_of, more, sentence
from web.shared.guard import StaffRequest, go_on, page, verb
from web.shared.paging import page_of

ROWS = 30
ICONS = {
    NoticeKind.TO_SIGN: "pen",
    NoticeKind.RETURNED: "reply",
    NoticeKind.DUE: "clock",
    NoticeKind.OVERDUE: "warn",
    NoticeKind.REQUEST_LATE: "warn",
    NoticeKind.EXPORT: "download",
    NoticeKind.DANGER: "warn",
    NoticeKind.SECURITY: "shield",
    NoticeKind.STAND_IN: "person",
    NoticeKind.MAILBOX: "send",
}
PRESSING = {
    *(NoticeKind.OVERDUE, NoticeKind.REQUEST_LATE, NoticeKind.BOUNCED, NoticeKind.SECURITY),
    NoticeKind.DANGER,
}


@page()
def listed(request: StaffRequest) -> HttpResponse:
    """Show the person's notifications, the newest first; `?show=unread` those not read yet."""
    unread = request.GET.get("show") == "unread"
    rows = notices_of(request.user).select_related("letter")
    if unread:
        rows = rows.filter(read_at=None)
    found = page_of(rows, order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS)
    lines = [
        (row, sentence(row), more(row), ICONS.get(NoticeKind(row.kind), "letter"))
        for row in found.rows
    ]
    context = {"lines": lines, "next": found.next_cursor, "unread": unread, "pressing": PRESSING}
    return render(request, "web/notifications.html", context)


@page()
def open_one(request: StaffRequest, notice_id: int) -> HttpResponse:
    """Mark a notification of one's own as read, and go where something can be done about it."""
    row: Notice = get_object_or_404(notices_of(request.user), pk=notice_id)
    mark_read(request.user, [row.pk])
    return HttpResponseRedirect(address_of(row))


@verb()
def read(request: StaffRequest) -> HttpResponse:
    """Mark notifications as read: the one that is named, or all."""
    named = [int(one) for one in request.POST.getlist("id") if one.isdecimal() and len(one) < 19]
    count = mark_read(request.user, named if "id" in request.POST else None)
    if not named:
        words = ngettext(
            "%(n)d notification is marked as read.",
            "%(n)d notifications are marked as read.",
            count,
        ) % {"n": count}
        messages.success(request, words if count else _("Everything was read already."))
    return go_on(request, otherwise="/notifications/")
