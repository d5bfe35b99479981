"""Of what a person wants to be notified, and how; and the browsers that take pushes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from notices import pushing
from notices.kinds import MailWay, NoticeKind
from notices.models import PushBrowser
from notices.preferences import ALWAYS, FIXED_MAIL, NO_DIGEST, Ways, preferences_of, set_preferences
from web.shared.guard import StaffRequest, form, redirect_after

# Their mails are those of letters that are due: one choice for both.
_AS_DUE = NoticeKind.OVERDUE


@form()
def edit(request: StaffRequest) -> HttpResponse:
    """Show and keep a person's wishes."""
    if request.method == "POST":
        set_preferences(
            request.user, {kind: _ways(request, kind) for kind in NoticeKind if kind not in ALWAYS}
        )
        messages.success(request, _("Your wishes are kept."))
        return redirect_after(reverse("desk:notification_preferences"), request)
    rows = [
        (kind, ways, [] if kind in FIXED_MAIL or kind == _AS_DUE else _choices(kind))
        for kind, ways in preferences_of(request.user).items()
        if kind not in ALWAYS
    ]
    context = {
        "rows": rows,
        "browsers": PushBrowser.objects.filter(person=request.user).order_by("-pk"),
        "push_key": pushing.public_key(),
        "as_due": _AS_DUE,
    }
    return render(request, "web/notification_preferences.html", context)


def _ways(request: StaffRequest, kind: NoticeKind) -> Ways:
    asked = request.POST.get(f"mail-{NoticeKind.DUE if kind == _AS_DUE else kind}", "")
    return Ways(
        page=f"page-{kind}" in request.POST,
        mail=asked if asked in MailWay.values else MailWay.NONE,
        push=f"push-{kind}" in request.POST,
    )


def _choices(kind: NoticeKind) -> list[MailWay]:
    return [way for way in MailWay if way != MailWay.DAILY or kind not in NO_DIGEST]
