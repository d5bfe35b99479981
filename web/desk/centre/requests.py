"""Requests in the words of their type, and one opened in the caller's name."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from eservices.catalogue.conditions import shown_pieces
from eservices.catalogue.definition import LANGUAGES, Condition, Definition, Field
from eservices.catalogue.finding import find_services
from eservices.catalogue.publishing import Published, definition_of, published, published_types
from eservices.people.mandates import mandates_of
from eservices.people.models import Mandate
from eservices.relations.contact_log import MomentData
from eservices.relations.customers import Customer
from eservices.relations.errors import BadContactError
from eservices.relations.models import ContactMoment
from eservices.relations.opening import BadAnswersError, Caller, open_for_caller
from eservices.requests.models import Request
from eservices.requests.opening import Opened
from registry.refusals import DepositRefusedError, Refusal
from web.desk.centre.console import customer_named, fresh
from web.desk.centre.forms import opened_at, timed
from web.desk.centre.guard import works_in_centre
from web.retry_later import later_where_it_passes
from web.shared.guard import StaffRequest, form, page, redirect_after

PREFIX: Final = "a-"  # before the names of the type's own fields


def described(row: Request, readable: Collection[Any]) -> dict[str, Any]:
    """Return a request with the words of its type in the agent's language."""
    definition, language = definition_of(row.version), _language()
    try:
        stage = definition.stage(row.stage).internal.in_(language)
    except KeyError:
        stage = row.stage
    return {
        "row": row,
        "title": definition.title.in_(language),
        "stage": stage,
        "readable": row.letter_id in readable,
    }


def _language() -> str:
    return (get_language() or "fr")[:2]


class CallerForm(forms.Form):
    """The caller, and how the contact came about."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the caller"),
        choices=[("ar", "العربية"), ("fr", "Français"), ("en", "English")],
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=ContactMoment.Channel.choices,
        initial=ContactMoment.Channel.PHONE,
    )  # fmt: skip
    form_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mandates: Collection[Mandate], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(str(one.pk), one.principal.name or one.named) for one in mandates]
        self.fields["mandate"] = forms.ChoiceField(
            label=_("On behalf of"), required=False, choices=[("", _("nobody else")), *named]
        )
        if not mandates:
            del self.fields["mandate"]


@page(works_in_centre)
def choose(request: StaffRequest) -> HttpResponse:
    """Choose the service by words, or from the whole catalogue."""
    words, language = request.GET.get("q", "")[:200].strip(), _language()
    types = {one.code: one for one in published_types()}
    ranked = [one.code for one in find_services(words, language=language, limit=12)]
    shown = [types[code] for code in ranked if code in types] if words else list(types.values())
    context = {
        "words": words,
        "services": [
            (
                one.code,
                one.definition.title.in_(language),
                one.definition.summary.in_(language),
                one.definition.term.words.in_(language),
            )
            for one in shown
        ],
        "customer": customer_named(request.GET.get("customer", ""), viewer=request.user),
    }
    return render(request, "web/centre/services.html", context)


@form(works_in_centre)
def open_new(request: StaffRequest, code: str) -> HttpResponse:
    """Show the service's form, and open the request in the caller's name."""
    service = published(code)
    if service is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    customer = customer_named(given.get("customer", ""), viewer=request.user)
    held = _mandates(customer, code)
    caller = CallerForm(request.POST or None, initial=fresh(_known(customer)), mandates=held)
    answers = answers_in(request.POST, service.definition) if request.POST else {}
    errors: dict[str, str] = {}
    passes: tuple[Refusal, ...] = ()
    if request.method == "POST" and caller.is_valid():
        try:
            chosen = caller.cleaned_data.get("mandate")
            mandate = next((one for one in held if str(one.pk) == chosen), None)
            told = replace(_caller(caller, customer, service), mandate=mandate)
            opened = open_for_caller(service, answers, caller=told, agent=request.user)
        except BadAnswersError as error:
            errors = error.errors
        except BadContactError as error:
            caller.add_error(error.field if error.field in caller.fields else None, str(error))
        except DepositRefusedError as error:
            errors = {"": " ".join(one.words() for one in error.refusals)}
            passes = error.refusals
        else:
            return _done(request, opened, service)
    context = _context(service, customer, caller, answers, errors)
    status = 422 if errors or (caller.is_bound and caller.errors) else 200
    answer = render(request, "web/centre/request.html", context, status=status)
    return later_where_it_passes(answer, passes)


def _mandates(customer: Customer | None, code: str) -> list[Mandate]:
    """Return those by which the caller may ask for this service, of whichever contract."""
    held = mandates_of(customer.person) if customer and customer.person else []
    return [one for one in held if not one.services or code in one.services]


def _known(customer: Customer | None) -> dict[str, Any]:
    if customer is None:
        return {"language": "ar"}
    return {
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.emails[0] if customer.emails else "",
        "language": customer.language if customer.language in LANGUAGES else "ar",
    }


def _caller(filled: CallerForm, customer: Customer | None, service: Published) -> Caller:
    given = filled.cleaned_data
    moment = MomentData(
        channel=given["channel"],
        result=ContactMoment.Result.REQUEST,
        subject=service.definition.title.in_(given["language"]),
        name=given["name"],
        phone=given["phone"],
        language=given["language"],
        contract_number=_one_contract(customer),
        seconds=timed(None, opened_at(given["opened"])),
        person=customer.person if customer else None,
        form_key=given["form_key"],
    )
    return Caller(moment, email=given["email"])


def _one_contract(customer: Customer | None) -> str:
    return customer.contracts[0] if customer and len(customer.contracts) == 1 else ""


def _done(request: StaffRequest, opened: Opened, service: Published) -> HttpResponse:
    """Say number and code, to be read out, and show the customer."""
    missing = [
        piece.title.in_(_language())
        for piece in shown_pieces(service.definition, opened.request.answers)
        if piece.required
    ]
    words = _("Request %(number)s is opened. Code for the caller: %(code)s")
    told = {"number": opened.request.letter.number, "code": opened.tracking_code}
    messages.success(request, words % told)
    if missing:
        papers = _("Papers that the caller still has to give: %(papers)s")
        messages.warning(request, papers % {"papers": " · ".join(missing)})
    address = reverse("desk:centre_customer", args=["request", str(opened.request.pk)])
    return redirect_after(address, request)


def answers_in(posted: QueryDict, definition: Definition) -> dict[str, Any]:
    """Return the answers of a posted form by field, in the shapes that the catalogue checks."""
    found: dict[str, Any] = {}
    for one in definition.fields():
        name = f"{PREFIX}{one.code}"
        if one.type == "several":
            values: Any = posted.getlist(name)
        elif one.type == "address":
            text = posted.get(name, "").strip()
            values = {"text": text} if text else ""
        else:
            values = posted.get(name, "")
        if values:
            found[one.code] = values
    return found


def _context(
    service: Published, customer: Customer | None, caller: CallerForm,
    answers: Mapping[str, Any], errors: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    definition, language = service.definition, _language()
    pages = [
        {
            "title": one.title.in_(language),
            "show_if": _condition(one.show_if),
            "fields": [_field(each, customer, answers, errors) for each in one.fields],
        }
        for one in definition.pages
    ]
    return {
        "code": service.code,
        "title": definition.title.in_(language),
        "term": definition.term.words.in_(language),
        "pages": pages,
        "knowledge": [
            (one.question.in_(language), one.answer.in_(language)) for one in definition.knowledge
        ],
        "pieces": [one.title.in_(language) for one in definition.pieces if one.required],
        "customer": customer,
        "form": caller,
        "wrong": errors.get("", ""),
        "errors": errors,
    }


def _field(
    one: Field, customer: Customer | None, answers: Mapping[str, Any], errors: Mapping[str, str]
) -> dict[str, Any]:
    language = _language()
    value = answers.get(one.code, "")
    if not answers and one.type == "contract":
        value = _one_contract(customer)
    options = [(option.value, option.label.in_(language)) for option in one.options]
    if one.type == "yes_no":
        options = [("yes", _("Yes")), ("no", _("No"))]
    elif one.type == "declaration":
        options = [("yes", one.help.in_(language) or _("Yes"))]
    return {
        "code": one.code,
        "name": f"{PREFIX}{one.code}",
        "type": one.type,
        "label": one.label.in_(language),
        "help": one.help.in_(language),
        "required": one.required,
        "options": options,
        "value": value.get("text", "") if isinstance(value, dict) else value,
        "chosen": value if isinstance(value, list) else [value],
        "error": errors.get(one.code, ""),
        "show_if": _condition(one.show_if),
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {
        "field": f"{PREFIX}{condition.field}",
        "values": "" if condition.any_answer else "|".join(condition.values),
        "negated": condition.negated,
    }
