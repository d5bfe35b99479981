"""Invitations of all who have no password yet, as after a table of new people was brought."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from identity.invitations import (
    invite_all,
    link_of,
    live_invitations,
    uninvited,
    without_password,
)
from jobs.mailing import mail_leaves
from org.models import Invitation, User
from web.shared.guard import StaffRequest, administers, form, redirect_after
from web.signin.confirmation import confirms

MOST: Final = 500  # on the page, and invited at once


@dataclass(frozen=True, slots=True)
class Invited:
    """A person without a password, what lets them in, and the link where no mail takes it."""

    person: User
    invitation: Invitation | None
    link: str


@form(administers)
@confirms()
def show(request: StaffRequest) -> HttpResponse:
    """Show who has no password yet, with links to hand over; invite those without one."""
    if request.method == "POST":
        count = invite_all(actor=request.user, most=MOST)
        words = ngettext("%(n)d person is invited.", "%(n)d people are invited.", count)
        messages.success(request, words % {"n": count} if count else _("All are invited already."))
        return redirect_after(reverse("desk:invitations"), request)
    people = list(without_password()[: MOST + 1])
    context: dict[str, Any] = {
        "rows": _rows(people[:MOST]),
        "more": len(people) > MOST,
        "waiting": uninvited()[:MOST].count(),
        "mail_leaves": mail_leaves(),
    }
    return render(request, "web/administration/invitations.html", context)


def _rows(people: list[User]) -> list[Invited]:
    invited, by_mail = live_invitations(people), mail_leaves()
    return [
        Invited(
            person,
            found := invited.get(person.pk),
            # Without a mail nobody else would ever see the link.
            link_of(found) if found and not (by_mail and person.email) else "",
        )
        for person in people
    ]
