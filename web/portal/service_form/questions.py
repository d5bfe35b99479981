"""The pages of questions, one by one; the server's rule decides which fields are shown."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from eservices.catalogue.answers import Checked
from eservices.catalogue.conditions import holds, shown_fields
from eservices.catalogue.definition import Page
from eservices.requests.drafts import save_answers
from org.written_days import date_format
from web.middleware import PERMISSIONS
from web.portal import open_forms
from web.portal.access import see, wait_words
from web.portal.service_form.fields import as_json, collected, known_values, shown_page
from web.portal.service_form.filling import CLOSED, Filling, closed, go, of_form
from web.portal.service_form.steps import after, before, place_of
from web.proof import count_from
from web.retry_later import braked
from web.throttle import DRAFT_SAVED_BY_ADDRESS, TooManyAttemptsError

AUTOSAVE = "X-Autosave"
# The browser may be asked where it is, by these pages alone and at a click.
WITH_PLACE = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")


@require_http_methods(["GET", "HEAD", "POST"])
@of_form(begun=False)
def start(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Go to the first question; where a form was begun here already, offer to go on with it."""
    draft = filling.draft
    if request.method == "POST":
        open_forms.leave(request, filling.code)
        filling.draft = None
        return go(filling.steps()[0])
    if draft is None and CLOSED in request.GET:
        return _closed(filling)
    if draft is None or draft.request_id:
        return go(filling.steps()[0])
    context = {
        "filling": filling,
        "title": filling.definition.title.in_(filling.language),
        "service": filling.definition.title.in_(filling.language),
        "go_on": next_address(filling),
        "draft": draft,
    }
    return render(request, "portal/service_form/start.html", context)


def _closed(filling: Filling) -> HttpResponse:
    title = filling.definition.title.in_(filling.language)
    context = {"title": title, "service": title, "again": filling.steps()[0].address}
    return render(filling.request, "portal/service_form/closed.html", context)


def next_address(filling: Filling) -> str:
    """Return the address of the page that the draft was left on, or of the first one."""
    steps = filling.steps()
    left = filling.draft.page if filling.draft else ""
    for step in steps:
        if left in (step.code, step.kind):
            return step.address
    return steps[0].address


@require_http_methods(["GET", "HEAD", "POST"])
@of_form(begun=False)
def page(request: HttpRequest, filling: Filling, page: str) -> HttpResponseBase:
    """Show the questions of one page, and keep the answers."""
    found = next((one for one in filling.definition.pages if one.code == page), None)
    if found is None:
        raise Http404
    sent = filling.draft is not None and filling.draft.request_id is not None
    if sent and request.method != "POST":
        filling.draft = None  # a new form
    if request.method == "POST":
        return _take(request, filling, found)
    if _is_gone(filling, found):
        return see("portal:service_start", filling.code) if sent else closed(filling.code)
    steps = filling.steps()
    if not any(step.code == found.code for step in steps):
        return go(steps[0])
    checked = filling.checked()
    errors = checked.errors if request.GET.get("errors") else {}
    return _page(filling, found, checked, errors)


def _is_gone(filling: Filling, found: Page) -> bool:
    """Return whether a form that was further on than its first page is no longer open here."""
    return filling.draft is None and filling.steps()[0].code != found.code


def _take(request: HttpRequest, filling: Filling, found: Page) -> HttpResponseBase:
    given = collected(found, request.POST)
    by_script, gone = AUTOSAVE in request.headers, _is_gone(filling, found)
    if by_script and gone:  # the page itself is sent later, and its sender is told then
        return JsonResponse({"error": "closed"}, status=409)
    try:
        count_from(request, DRAFT_SAVED_BY_ADDRESS)
        draft = filling.begun()
    except TooManyAttemptsError as error:
        return braked(_page(filling, found, filling.checked(), {}, wait=wait_words(error)), error)
    save_answers(draft, given, page=found.code)
    if by_script:
        return JsonResponse({"saved": date_format(timezone.localtime(), "DATETIME_FORMAT")})
    if gone:
        words = _(
            "The form was closed after an hour without a click. This page is kept; please fill in "
            "the earlier ones again."
        )
        messages.warning(request, words)
    checked = filling.checked()
    asked = {one.code for one in shown_fields(filling.definition, checked.values)}
    own = asked & {one.code for one in found.fields}
    seen = set(request.POST.getlist("_shown")) if "_shown" in request.POST else own
    errors = {code: words for code, words in checked.errors.items() if code in own & seen}
    new = own - seen
    if errors:
        return _page(filling, found, checked, errors, new=new, status=422)
    if new:
        return _page(filling, found, checked, {}, new=new)
    steps = filling.steps()
    if request.POST.get("_back") == "check":
        return see("portal:service_check", filling.code)
    if not own:
        return go(steps[0])
    return go(after(steps, "page", found.code))


def _page(
    filling: Filling,
    found: Page,
    checked: Checked,
    errors: Mapping[str, str],
    *,
    new: set[str] | frozenset[str] = frozenset(),
    wait: str = "",
    status: int = 200,
) -> HttpResponse:
    steps, language = filling.steps(), filling.language
    fields = shown_page(
        filling.definition,
        found,
        filling.answers,
        checked,
        errors=errors,
        new=frozenset(new),
        language=language,
        own=filling.own_contracts() if any(one.type == "contract" for one in found.fields) else (),
    )
    context: dict[str, Any] = {
        **step_context(filling, "page", found.code),
        "page": found,
        "title": found.title.in_(language),
        "intro": found.intro.in_(language) if found.intro else "",
        "fields": fields,
        "shown": [one.field.code for one in fields if one.asked],
        "wrong": [one for one in fields if one.error],
        "added": [one for one in fields if one.new],
        "alarm": as_json(filling.definition.danger),
        "known": known_values(filling.definition, found, checked),
        "wait": wait,
    }
    if len(steps) > 1 and not any(step.code == found.code for step in steps):
        context["place"] = 1
    answer = render(filling.request, "portal/service_form/page.html", context, status=status)
    if any(one.field.type == "address" for one in fields):
        answer.headers["Permissions-Policy"] = WITH_PLACE
    return answer


def step_context(filling: Filling, kind: str, code: str = "") -> dict[str, Any]:
    """Return what every step of the form shows: the service, where one is, the way back."""
    steps = filling.steps()
    query = filling.request.POST if filling.request.method == "POST" else filling.request.GET
    back = query.get("_back" if filling.request.method == "POST" else "back", "")
    return {
        "filling": filling,
        "service": filling.definition.title.in_(filling.language),
        "steps": steps,
        "place": place_of(steps, kind, code) + 1,
        "before": before(steps, kind, code),
        "back": "check" if back == "check" else "",
        "danger": is_dangerous(filling),
        "next_words": _("Save and go back to the check") if back == "check" else _("Next"),
    }


def is_dangerous(filling: Filling) -> bool:
    """Return whether the answers reveal danger: the emergency number comes first then."""
    danger = filling.definition.danger
    return danger is not None and holds(danger, filling.checked().values)
