"""My data: preferences, contacts, a copy of everything, correction, deletion (loi 09-08)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.people import account, events, oidc, sessions
from eservices.people.kinds import PersonKind
from eservices.people.letters import note_letters
from eservices.people.models import ContactPoint, Person
from eservices.people.persons import (
    ContactTakenError,
    LastContactError,
    TooManyContactsError,
    add_contact,
    remove_contact,
)
from eservices.people.reaching import notification_way, verified_ways
from eservices.requests.drafts import give_up
from eservices.requests.models import Draft
from web.portal.access import see, wait_words
from web.portal.forms import CitizenForm, sms_risk
from web.portal.space import contact_codes, session
from web.portal.space.access import SpaceRequest, form, page, proven, verb
from web.portal.space.code_page import code_page
from web.portal.space.copy import everything_of
from web.portal.space.copy_words import in_words
from web.throttle import TooManyAttemptsError


class PreferencesForm(CitizenForm):
    """In which language, and how a person wants to be notified."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"),
        choices=[("ar", "العربية"), ("fr", "Français"), ("en", "English")],
    )
    told_by = forms.ChoiceField(
        label=gettext_lazy("How to be told"),
        choices=[
            ("email", gettext_lazy("by e-mail")),
            ("phone", gettext_lazy("by SMS")),
            ("none", gettext_lazy("not at all: I look here")),
        ],
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self._ways = verified_ways(person)
        super().__init__(*args, **kwargs)

    def clean_told_by(self) -> str:
        """Return the way; refuse one on which the person has no contact: nothing would arrive."""
        way = str(self.cleaned_data["told_by"])
        if way == ContactPoint.Way.PHONE and way not in self._ways:
            words = _("To be told by SMS, add your phone number to your contacts first.")
            raise ValidationError(words)
        if way == ContactPoint.Way.EMAIL and way not in self._ways:
            words = _("To be told by e-mail, add your e-mail address to your contacts first.")
            raise ValidationError(words)
        return way


class NameForm(CitizenForm):
    """What a person is called, and what they are."""

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("I am"), choices=Person.Kind.choices)


@form
def preferences(request: SpaceRequest) -> HttpResponse:
    """Show and keep language and way of notification; the contacts stand below."""
    person = request.person
    kept = {"language": person.language, "told_by": notification_way(person)}
    filled = PreferencesForm(request.POST or None, initial=kept, person=person)
    if request.method == "POST" and filled.is_valid():
        account.prefer(person, **filled.cleaned_data)
        messages.success(request, _("Your preferences are kept."))
        return see("portal:space_preferences")
    return _preferences_page(request, filled, contact_codes.ContactForm())


@verb
@proven("portal:space_preferences")
def new_contact(request: SpaceRequest) -> HttpResponse:
    """Send a code to a contact that the person wants to add."""
    filled = contact_codes.ContactForm(request.POST)
    if not filled.is_valid():
        return _preferences_page(request, None, filled, status=422)
    try:
        contact_codes.ask(request, filled.cleaned_data["contact"], purpose=_purpose(request.person))
    except TooManyAttemptsError as error:
        messages.error(request, wait_words(error))
        return see("portal:space_preferences")
    return see("portal:space_new_contact_code")


@form
def new_contact_code(request: SpaceRequest) -> HttpResponse:
    """Show the form for the code of a new contact; it is the person's once the code fits."""

    def add(under_way: contact_codes.Asked) -> HttpResponse:
        _add(request, under_way)
        return see("portal:space_preferences")

    return code_page(
        request,
        purpose=_purpose(request.person),
        begin="portal:space_preferences",
        submit=_("Add this contact"),
        then=add,
    )


@verb
@proven("portal:space_preferences")
def drop_contact(request: SpaceRequest) -> HttpResponse:
    """Remove a contact of the person's, but the last."""
    given = request.POST.get("contact", "")
    rows = request.person.contacts.filter(pk=int(given)) if _is_number(given) else None
    contact = rows.first() if rows is not None else None
    if contact is None:
        raise Http404
    try:
        remove_contact(request.person, contact)
    except LastContactError:
        messages.error(request, _("The last contact stays: without it you could not come back."))
    else:
        messages.success(request, _("The contact is removed."))
    return see("portal:space_preferences")


@form
def data(request: SpaceRequest) -> HttpResponse:
    """Show what is kept of the person, and correct it."""
    person = request.person
    kept = {"name": person.name, "kind": person.kind}
    filled = NameForm(request.POST or None, initial=kept)
    if request.method == "POST" and filled.is_valid():
        account.correct(person, **filled.cleaned_data)
        messages.success(request, _("Your details are corrected."))
        return see("portal:space_data")
    context = {
        "tab": "data",
        "form": filled,
        "everything": in_words(everything_of(person)),
        "addresses": ("contact", "network", "telephone", "value"),  # from left to right
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/space/data.html", context, status=status)


@page
def copy(request: SpaceRequest) -> HttpResponse:
    """Return everything that is kept of the person as a file that programs read."""
    events.note(request.person, PersonKind.PRINTED)
    answer = JsonResponse(
        everything_of(request.person), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"sijill-{timezone.localdate()}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@form
@proven("portal:space_delete")
def delete(request: SpaceRequest) -> HttpResponse:
    """Explain what deleting the account means; delete it once the person has said so."""
    if request.method == "POST" and request.POST.get("sure") == "yes":
        for draft in Draft.objects.filter(person=request.person):
            give_up(draft)
        keys = sessions.end_others(request.person, but=session.row_of(request))
        account.delete(request.person)
        session.close_elsewhere(keys)
        session.end(request)
        words = _("Your space is deleted. Your letters stay in the register, with their codes.")
        messages.success(request, words)
        return see("portal:space_sign_in")
    context = {"tab": "data", "unsure": request.method == "POST"}
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/space/delete.html", context, status=status)


def _purpose(person: Person) -> str:
    return f"contact:{person.pk}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _add(request: SpaceRequest, under_way: contact_codes.Asked) -> None:
    try:
        add_contact(request.person, under_way.way, under_way.contact)
    except ContactTakenError:
        words = _(
            "This contact opens another space already. Enter there with it, delete that space, and "
            "add it here then."
        )
        messages.error(request, words)
    except TooManyContactsError:
        messages.error(request, _("You have as many contacts as one may have."))
    else:
        note_letters(request.person, anew=True)
        messages.success(request, _("The contact is yours now."))


def _preferences_page(
    request: SpaceRequest,
    filled: PreferencesForm | None,
    contact: contact_codes.ContactForm,
    *,
    status: int = 0,
) -> HttpResponse:
    person = request.person
    kept = {"language": person.language, "told_by": notification_way(person)}
    wrong = filled is not None and filled.is_bound
    context = {
        "tab": "preferences",
        "form": filled or PreferencesForm(initial=kept, person=person),
        "contact_form": contact,
        "contacts": list(ContactPoint.objects.filter(person=person).order_by("pk")),
        "proven": session.is_proven(request),
        "sms_risk": sms_risk(),
        "eid": oidc.is_set(),
        "identities": list(person.identities.order_by("pk")),
    }
    answer = status or (422 if wrong else 200)
    return render(request, "portal/space/preferences.html", context, status=answer)
