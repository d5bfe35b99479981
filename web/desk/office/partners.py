"""Partner systems, for administrators: API keys made, shown once, revoked; webhooks."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from channels import services
from registry.states import ConflictError
from web.desk.guard import StaffRequest, go_on, keeps_models, page, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 50
MOST_PARTNERS: Final = 500


@page(keeps_models)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all keys, the newest first, and a form for another."""
    return _page(request)


def _page(request: StaffRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    found = page_of(
        services.all_keys(), order=["-id"], cursor=request.GET.get("from", ""), limit=ROWS
    )
    partners = services.Partner.objects.order_by("name")[:MOST_PARTNERS]
    context = {"rows": found.rows, "next": found.next_cursor, "partners": partners, **more}
    return render(request, "web/partners.html", context, status=status)


@verb(keeps_models)
@confirms()
def new(request: StaffRequest) -> HttpResponse:
    """Make a key; its text is in this response and nowhere else."""
    per_hour = request.POST.get("per_hour", "")
    try:
        _key, text = services.make_key(
            partner=request.POST.get("partner", ""),
            may_deposit=bool(request.POST.get("may_deposit")),
            may_follow=bool(request.POST.get("may_follow")),
            per_hour=int(per_hour) if _is_id(per_hour) else 0,
            actor=request.user,
        )
    except services.BadKeyError:
        words = _("Give a name, at least one right, and a limit from 1 to 100,000 an hour.")
        return _page(request, status=422, refusal=words)
    return _page(request, made=text)


@verb(keeps_models)
@confirms()
def webhook(request: StaffRequest) -> HttpResponse:
    """Set a partner's webhook; the secret of the signatures is in this response."""
    chosen = request.POST.get("partner", "")
    known = services.Partner.objects.filter(pk=int(chosen) if _is_id(chosen) else 0).first()
    if known is None:
        raise Http404
    try:
        secret = services.set_webhook(
            known.pk, url=request.POST.get("url", "").strip(), actor=request.user
        )
    except services.CallError:
        return _page(request, status=422, refusal=_("This address cannot be called."))
    return _page(request, secret=secret)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


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
