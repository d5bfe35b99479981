"""One's own API tokens: made, shown once, revoked."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.mails import queue_notice
from identity.models import Access, ApiToken, Area
from identity.tokens import (
    LONGEST_DAYS,
    USUAL_DAYS,
    BadTokenError,
    make_token,
    password_mark,
    revoke_token,
)
from org.models import User
from web.addresses import plain_address
from web.shared.guard import StaffRequest, go_on, page, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 30


class TokenForm(forms.Form):
    """A name, what the token may do, and for how long."""

    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=100)
    access = forms.ChoiceField(label=gettext_lazy("It may"), choices=Access.choices)
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Only here (nothing chosen: everywhere)"),
        choices=Area.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Valid for days"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=USUAL_DAYS,
    )


@page()
def listed(request: StaffRequest) -> HttpResponse:
    """Show the person's tokens, the newest first, and a form for another."""
    return _page(request, TokenForm())


def _page(
    request: StaffRequest, form: TokenForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = page_of(
        ApiToken.objects.filter(person=request.user),
        order=["-id"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    rows = [(token, state_of(token, request.user)) for token in found.rows]
    context = {"form": form, "rows": rows, "next": found.next_cursor, **more}
    return render(request, "web/signin/tokens.html", context, status=status)


def state_of(token: ApiToken, person: User) -> str:
    """Return "" for a token in force, else why it is not: revoked, expired, password."""
    if token.revoked_at:
        return "revoked"
    if token.expires_at and token.expires_at <= timezone.now():
        return "expired"
    return "" if token.password_mark == password_mark(person) else "password"


@verb()
@confirms()
def new(request: StaffRequest) -> HttpResponse:
    """Make a token; its key is in this answer and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        _token, key = make_token(
            person=request.user,
            name=given["name"],
            access=given["access"],
            areas=given["areas"],
            days=given["days"],
            address=plain_address(request),
        )
    except BadTokenError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    queue_notice(request.user, "token_made")
    return _page(request, TokenForm(), made=key)


@verb()
def revoke(request: StaffRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    if revoke_token(token, actor=request.user, address=plain_address(request)):
        messages.success(request, _("The token is revoked."))
    else:
        messages.warning(request, _("Somebody did that already."))
    return go_on(request, otherwise="/account/tokens/")
