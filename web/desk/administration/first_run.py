"""The wizard of an empty office, for who holds its link: from nothing to the first letter."""

from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from correspondence.forms.starting import load_templates
from eservices.catalogue.loading import DISTRIBUTOR, load_shipped, offer_what_fits
from identity.invitations import invite
from org.calendar import library_rows
from org.errors import BadOrganisationError
from org.models import Department, FirstRun, User
from org.starting import starting_set
from registry.first_run import keep_answers, opened
from registry.states import ConflictError
from routing.starting_set import Beginning, begin_office
from web.desk.administration.first_run_forms import (
    FIRST,
    CalendarStep,
    DepartmentsStep,
    InstitutionStep,
    NumbersStep,
    PeopleStep,
)
from web.desk.forms import add_problems

STEPS: Final[dict[str, tuple[Any, Any]]] = {
    "institution": (InstitutionStep, gettext_lazy("Institution")),
    "departments": (DepartmentsStep, gettext_lazy("Departments")),
    "numbers": (NumbersStep, gettext_lazy("Registers and numbers")),
    "calendar": (CalendarStep, gettext_lazy("Calendar")),
    "people": (PeopleStep, gettext_lazy("First people")),
}
ORDER: Final = tuple(STEPS)


@never_cache
@require_http_methods(["GET", "HEAD"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Go to the first step that is not answered yet."""
    run = opened(token)
    if run is None:
        return _ended(request)
    step = next((name for name in ORDER if name not in run.answers), ORDER[-1])
    return redirect("desk:first_run_step", token=token, step=step)


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """Show a step, keep its input, and after the last one set the office up."""
    run = opened(token)
    if run is None or step not in STEPS:
        return _ended(request)
    before: dict[str, Any] = run.answers.get(step, {})
    lacking = next((n for n in ORDER[: ORDER.index(step)] if n not in run.answers), None)
    if lacking and request.method == "POST":
        return redirect("desk:first_run", token=token)
    if lacking:
        return redirect("desk:first_run_step", token=token, step=lacking)
    if request.method != "POST":
        return _page(request, run, token, step, STEPS[step][0](**_known(before)))
    filled = STEPS[step][0](request.POST, request.FILES)
    if request.POST.get("preview") and step == "numbers":
        filled.is_valid()
        return _page(request, run, token, step, filled)
    if not filled.is_valid():
        return _page(request, run, token, step, filled, status=422)
    if step == ORDER[-1]:
        return _finish(request, run, token, filled)
    try:
        keep_answers(run, step, filled.answers(before))
    except BadOrganisationError as error:
        add_problems(filled, error.problems)
        return _page(request, run, token, step, filled, status=422)
    return redirect("desk:first_run_step", token=token, step=ORDER[ORDER.index(step) + 1])


def _known(before: dict[str, Any]) -> dict[str, Any]:
    return {"initial": before} if before else {}


def _finish(request: HttpRequest, run: FirstRun, token: str, filled: PeopleStep) -> HttpResponse:
    """Set the office up, log its administrator in, and invite the clerk."""
    told, fresh = run.answers, not Department.objects.exists()
    try:
        administrator, clerk = begin_office(
            run,
            Beginning(
                institution=told["institution"],
                logo=told["institution"].get("logo", ""),
                starting_set=told["departments"]["starting_set"],
                table=told["departments"].get("table", ""),
                patterns=told["numbers"],
                firsts=_firsts(told["numbers"]),
                holidays=bool(told["calendar"].get("holidays")),
                administrator=filled.administrator(),
                password=filled.cleaned_data["password"],
                clerk=filled.clerk(),
            ),
        )
    except ConflictError:
        return _ended(request)
    except BadOrganisationError as error:
        add_problems(filled, error.problems)
        return _page(request, run, token, ORDER[-1], filled, status=422)
    load_templates()
    load_shipped()
    chosen = told["departments"]["starting_set"] if fresh else DISTRIBUTOR
    kept_back = offer_what_fits(chosen, actor=administrator)
    _let_in(request, administrator)
    messages.success(request, _("The office is set up."))
    if kept_back:
        words = _(
            "%(n)d services of a distributor of water and electricity are not published. They "
            "stay among the e-services, where you publish what you offer."
        )
        messages.info(request, words % {"n": kept_back})
    if clerk is None:
        return redirect("desk:administration")
    invite(clerk, actor=administrator)
    return redirect("desk:person", person_id=clerk.pk)


def _let_in(request: HttpRequest, administrator: User) -> None:
    """Log the administrator in, whose password was chosen on this very form."""
    login(request, administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, administrator, "password")


def _firsts(numbers: dict[str, Any]) -> dict[str, int]:
    """Return code → first number of the registers that go on from paper."""
    named = {
        name.removeprefix(FIRST): one for name, one in numbers.items() if name.startswith(FIRST)
    }
    return {code: int(one) for code, one in named.items() if one}


def _page(
    request: HttpRequest, run: FirstRun, token: str, step: str, filled: Any, *, status: int = 200
) -> HttpResponse:
    at = ORDER.index(step)
    context: dict[str, Any] = {
        "form": filled,
        "token": token,
        "step": step,
        "title": STEPS[step][1],
        "steps": [
            (name, STEPS[name][1], name in run.answers, name == step, number)
            for number, name in enumerate(ORDER, start=1)
        ],
        "back": ORDER[at - 1] if at else "",
        "last": step == ORDER[-1],
        "answers": run.answers.get(step, {}),
    }
    if step == "calendar":
        year = timezone.localdate().year
        days = [row for each in (year, year + 1) for row in library_rows(year=each)]
        context["days"] = sorted(days, key=lambda row: row.day)
    if step == "people":
        chosen = starting_set(run.answers["departments"]["starting_set"])
        context["head_office"] = chosen.head_office
    return render(request, f"web/administration/first_run_{step}.html", context, status=status)


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "web/administration/first_run_ended.html", status=404)
