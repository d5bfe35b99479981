"""The mailbox and the watched folder: their state, what waits for a person, what was received."""

from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from channels.services import (
    MailItem,
    all_items,
    fetch_mail,
    folder_state,
    item_reason,
    mailbox_state,
    mark_reviewed,
    reason_words,
    to_look_at,
    try_again,
    watched_items,
)
from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.models.letters import Letter
from registry.states import ConflictError
from web.middleware import FILE_POLICY
from web.shared.guard import StaffRequest, go_on, is_office, page, verb
from web.shared.paging import page_of

ROWS: Final = 30
SHOWN: Final = ("waiting", "kept", "registered")


@page(is_office)
def mailbox(request: StaffRequest) -> HttpResponse:
    """Show what waits for a person; `?show=kept` and `?show=registered` for the rest."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "waiting"
    rows = {
        "waiting": to_look_at(),
        "kept": all_items().filter(state=MailItem.State.KEPT),
        "registered": all_items().filter(state=MailItem.State.REGISTERED),
    }[show]
    found = page_of(rows, order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS)
    context = {
        "show": show,
        "state": mailbox_state(),
        "rows": _shown(request, found.rows),
        "next": found.next_cursor,
    }
    return render(request, "web/mailbox.html", context)


def _shown(request: StaffRequest, items: list[MailItem]) -> list[dict[str, Any]]:
    """Return each item with its reason in words, and its letters where readable."""
    ids = {i for item in items for i in (item.letter_id, item.about_id) if i is not None}
    letters = Letter.objects.visible_to(request.user).in_bulk(list(ids))
    return [
        {
            "item": item,
            "reason": reason_words(item),
            "letter": letters.get(item.letter_id) if item.letter_id else None,
            "about": letters.get(item.about_id) if item.about_id else None,
        }
        for item in items
    ]


@verb(is_office)
def fetch_now(request: StaffRequest) -> HttpResponse:
    """Fetch the mailbox without waiting for the schedule."""
    fetch_mail()
    messages.success(request, _("The mailbox is looked into."))
    return go_on(request, otherwise="/mailbox/")


@verb(is_office)
def on_mail(request: StaffRequest, mail_id: int, what: str) -> HttpResponse:
    """Try again, register what was not taken for a letter, or mark as dealt with."""
    try:
        if what == "again":
            try_again(mail_id)
            messages.success(request, _("It is tried again."))
        elif what == "letter":
            try_again(mail_id, as_letter=True)
            messages.success(request, _("It will be registered."))
        elif what == "looked":
            mark_reviewed(mail_id, actor=request.user)
        else:
            raise Http404
    except ConflictError:
        messages.warning(request, _("Somebody did that already."))
    return go_on(request, otherwise="/mailbox/")


@page(is_office)
def folder(request: StaffRequest) -> HttpResponse:
    """Show the watched folder: what it waits for, what was set aside, what was received."""
    show = "registered" if request.GET.get("show") == "registered" else "set_aside"
    found = page_of(
        watched_items(show), order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    ids = [item.letter_id for item in found.rows if item.letter_id]
    letters = Letter.objects.visible_to(request.user).in_bulk(ids)
    rows = [
        {
            "item": item,
            "reason": item_reason(item),
            "letter": letters.get(item.letter_id) if item.letter_id else None,
        }
        for item in found.rows
    ]
    context = {"show": show, "state": folder_state(), "rows": rows, "next": found.next_cursor}
    return render(request, "web/folder.html", context)


@page(is_office)
def mail_file(request: StaffRequest, mail_id: int) -> HttpResponseBase:
    """Serve the mail itself, of what is no letter: to be saved, never shown in place."""
    item = get_object_or_404(all_items(), pk=mail_id)
    if not item.sha256 or item.state == MailItem.State.REGISTERED:
        raise Http404
    try:
        stream = get_vault().open(item.sha256)
    except VaultError as error:
        raise Http404 from error
    answer = FileResponse(
        stream, as_attachment=True, filename=f"mail-{item.pk}.eml", content_type="message/rfc822"
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
