"""Partner systems, for administrators: their list, API keys made, shown once, replaced, revoked."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from channels import services
from language.numerals import ascii_digits
from registry.states import ConflictError
from web.desk.office.partner import partner_page
from web.shared.guard import StaffRequest, go_on, keeps_models, page, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 50


@page(keeps_models)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all partners by name with their keys, and a form for another."""
    return _page(request)


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = page_of(
        services.partners(), order=["name"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    context = {"rows": found.rows, "next": found.next_cursor, **more}
    return render(request, "web/partners.html", context, status=status)


@verb(keeps_models)
@confirms()
def new(request: StaffRequest) -> HttpResponse:
    """Make a key; its text is in this response and nowhere else."""
    per_hour = ascii_digits(request.POST.get("per_hour", "").strip())
    plain = per_hour.isascii() and per_hour.isdecimal() and len(per_hour) < 10
    try:
        key, text = services.make_key(
            partner=request.POST.get("partner", ""),
            may_deposit=bool(request.POST.get("may_deposit")),
            may_follow=bool(request.POST.get("may_follow")),
            per_hour=int(per_hour) if plain else 0,
            actor=request.user,
        )
    except services.BadKeyError:
        words = _("Give a name, at least one right, and a limit from 1 to 100,000 an hour.")
        return _page(request, status=422, refusal=words, asked=request.POST)
    return partner_page(request, key.partner, made=text)


@verb(keeps_models)
@confirms()
def replace(request: StaffRequest, key_id: int) -> HttpResponse:
    """Make a key in place of another, which is valid for another week."""
    try:
        key, text = services.replace_key(key_id, actor=request.user)
    except ConflictError:
        messages.warning(request, _("Somebody did that already."))
        return go_on(request, otherwise="/partners/")
    return partner_page(request, key.partner, made=text)


@verb(keeps_models)
@confirms()
def revoke(request: StaffRequest, key_id: int) -> HttpResponse:
    """Revoke a key, which gives no access from now on."""
    try:
        services.revoke_key(key_id, actor=request.user)
        messages.success(request, _("The key is revoked."))
    except ConflictError:
        messages.warning(request, _("Somebody did that already."))
    return go_on(request, otherwise="/partners/")
