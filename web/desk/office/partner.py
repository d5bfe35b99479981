"""The page of one partner: its keys, the messages to its system with their log, its history."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels import services
from web.shared.guard import StaffRequest, keeps_models, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 25
_UNKNOWN: Final = 0


@page(keeps_models)
def show(request: StaffRequest, partner_id: int) -> HttpResponse:
    """Show the partner."""
    return partner_page(request, _partner(partner_id))


def partner_page(
    request: StaffRequest, partner: services.Partner, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render the page; `made` and `secret` are a key and a secret that are shown this once."""
    cursor = request.GET.get("from", "") if request.method == "GET" else ""
    found = page_of(services.deliveries_of(partner), order=["-id"], cursor=cursor, limit=ROWS)
    now = timezone.now()
    given = more.pop("given", None) or {
        "url": partner.webhook_url,
        "contact": partner.webhook_contact,
        "events": partner.webhook_events,
    }
    choices = [(str(kind), services.event_words(kind)) for kind in services.HOOK_CHOICES]
    context = {
        "partner": partner,
        "given": given,
        "choices": choices,
        "keys": partner.keys.select_related("made_by").order_by("-id"),
        "now": now,
        "two_secrets": bool(partner.webhook_old_until and partner.webhook_old_until > now),
        "deliveries": [
            (row, services.event_words(row.type), services.error_words(row.error))
            for row in found.rows
        ],
        "next": found.next_cursor,
        "history": services.partner_history(partner),
        **more,
    }
    return render(request, "web/partner.html", context, status=status)


def _partner(partner_id: int) -> services.Partner:
    return get_object_or_404(services.Partner, pk=partner_id)


@verb(keeps_models)
@confirms()
def webhook(request: StaffRequest) -> HttpResponse:
    """Set a partner's address, events and contact; a new secret is in this response."""
    chosen = request.POST.get("partner", "")
    plain = chosen.isascii() and chosen.isdecimal() and len(chosen) < 10
    partner = _partner(int(chosen) if plain else _UNKNOWN)
    given = _given(request)
    try:
        secret = services.set_webhook(partner.pk, actor=request.user, renew=False, **given)
    except services.CallError:
        words = _("This address cannot be called.")
        return partner_page(request, partner, status=422, refusal=words, given=given)
    except services.BadWebhookError as error:
        known = {
            "events": _("Choose what the partner is told."),
            "contact": _("This is no e-mail address."),
        }
        return partner_page(request, partner, status=422, refusal=known[error.field], given=given)
    if not secret:
        messages.success(request, _("It is saved."))
        return _back(request, partner.pk)
    return partner_page(request, _partner(partner.pk), secret=secret)


def _given(request: StaffRequest) -> dict[str, Any]:
    """Return what is to be set; an address alone leaves events and contact as they are."""
    url = request.POST.get("url", "").strip()
    if "whole" not in request.POST:
        return {"url": url}
    events = request.POST.getlist("events")
    contact = request.POST.get("contact", "").strip()
    return {"url": url, "events": events if events or url else None, "contact": contact}


@verb(keeps_models)
@confirms()
def on_webhook(request: StaffRequest, partner_id: int, what: str) -> HttpResponse:
    """Turn the secret, make a test call, or switch the messages on again."""
    partner = _partner(partner_id)
    try:
        if what == "secret":
            secret = services.turn_secret(partner.pk, actor=request.user)
            return partner_page(request, _partner(partner.pk), secret=secret)
        if what == "test":
            _tell_test(request, services.trial_message(partner, actor=request.user))
        elif what == "on":
            services.switch_on(partner.pk, actor=request.user)
            messages.success(request, _("Messages are sent again; what waited goes first."))
        else:
            raise Http404
    except services.NotPossibleNowError as error:
        messages.warning(request, str(error))
    return _back(request, partner.pk)


def _tell_test(request: StaffRequest, message: services.Delivery) -> None:
    row = services.try_now(message)
    if not row.error:
        words = _("The partner’s system took the test: it answered %(code)s.")
        messages.success(request, words % {"code": row.answer_code})
    elif row.answer_code:
        words = _("The partner’s system did not take the test: it answered %(code)s.")
        messages.error(request, words % {"code": row.answer_code})
    else:
        messages.error(request, services.error_words(row.error))


@verb(keeps_models)
def send_again(request: StaffRequest, delivery_id: int) -> HttpResponse:
    """Queue a message once more."""
    row = get_object_or_404(services.Delivery, pk=delivery_id)
    try:
        services.send_again(row.pk, actor=request.user)
        messages.success(request, _("The message is sent again."))
    except services.NotPossibleNowError as error:
        messages.warning(request, str(error))
    return _back(request, row.partner_id)


def _back(request: StaffRequest, partner_id: int) -> HttpResponse:
    return redirect_after(reverse("desk:partner", args=[partner_id]), request)
