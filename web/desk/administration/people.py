"""People, for administrators: list, form, history, invitation, and deactivation."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from identity.invitations import invite, link_of, without_password
from identity.staff import find_people, save_person, set_active
from jobs.mailing import mail_leaves
from org.errors import BadOrganisationError
from org.models import Absence, Invitation, OrgChange, User
from registry.states import ConflictError
from routing.models.assignments import Assignment
from routing.models.states import LIVE
from web.desk.administration.history import history_of
from web.desk.administration.people_form import ROLES, PersonForm
from web.desk.forms import add_problems
from web.shared.guard import StaffRequest, administers, form, page, redirect_after, verb
from web.shared.paging import page_of
from web.signin.confirmation import confirms

ROWS: Final = 50
UNDER_WAY: Final = (ReplyState.DRAFT, ReplyState.SUBMITTED)


@page(administers)
def listed(request: StaffRequest) -> HttpResponse:
    """Show people by name, the deactivated on request, or those found by words."""
    words = request.GET.get("q", "")[:200].replace("\0", "")
    inactive = request.GET.get("show") == "inactive"
    found = page_of(
        find_people(words, active=not inactive),
        order=["last_name", "first_name", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {"rows": found.rows, "next": found.next_cursor, "words": words, "inactive": inactive}
    context["uninvited"] = 0 if words or inactive else without_password().count()
    return render(request, "web/administration/people.html", context)


@form(administers)
@confirms()
def new(request: StaffRequest) -> HttpResponse:
    """Create a person, and invite them."""
    if request.method != "POST":
        return _form(request, PersonForm.of(None))
    filled = PersonForm(request.POST)
    if not filled.is_valid():
        return _form(request, filled, status=422)
    try:
        person, _outcome = save_person(filled.values(), actor=request.user)
    except BadOrganisationError as error:
        return _refused(request, filled, error)
    invite(person, actor=request.user)
    messages.success(request, _created_words(person) % {"name": person.shown_name})
    return redirect_after(reverse("desk:person", args=[person.pk]), request)


@form(administers)
@confirms()
def change(request: StaffRequest, person_id: int) -> HttpResponse:
    """Show a person with their history, and change them."""
    person = get_object_or_404(User, pk=person_id)
    if request.method != "POST":
        return _form(request, PersonForm.of(person))
    filled = PersonForm(request.POST, person=person)
    if not filled.is_valid():
        return _form(request, filled, status=422)
    try:
        with filled.unchanged():
            save_person(filled.values(), actor=request.user, person=person)
    except ConflictError:
        return _form(request, filled, status=409)
    except BadOrganisationError as error:
        return _refused(request, filled, error)
    messages.success(request, _("The person is kept."))
    return redirect_after(reverse("desk:person", args=[person.pk]), request)


@verb(administers)
@confirms()
def invite_again(request: StaffRequest, person_id: int) -> HttpResponse:
    """Invite a person, who sets a new password by the link; earlier links end."""
    person = get_object_or_404(User, pk=person_id)
    try:
        invite(person, actor=request.user)
        messages.success(request, _said(person))
    except BadOrganisationError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:person", args=[person.pk]), request)


def _created_words(person: User) -> str:
    if _is_mailed(person):
        return _("%(name)s is created and invited.")
    return _("%(name)s is created: hand over the link on this page.")


def _is_mailed(person: User) -> bool:
    return bool(person.email) and mail_leaves()


def _said(person: User) -> str:
    if _is_mailed(person):
        return _("The invitation is on its way; earlier links open nothing.")
    return _("The new link is on this page; earlier links open nothing.")


@verb(administers)
@confirms()
def deactivate(request: StaffRequest, person_id: int) -> HttpResponse:
    """Deactivate a person, or reactivate them."""
    person = get_object_or_404(User, pk=person_id)
    back = bool(request.POST.get("back"))
    try:
        set_active(person, back, actor=request.user)
        said = (
            _("The account of %(name)s is active again.")
            if back
            else _("The account of %(name)s is deactivated.")
        )
        messages.success(request, said % {"name": person.shown_name})
    except BadOrganisationError as error:
        messages.error(request, str(error))
    return redirect_after(reverse("desk:person", args=[person.pk]), request)


def work_of(person: User) -> dict[str, int]:
    """Return how much work of each kind the person has."""
    return {
        "letters": Assignment.objects.filter(person=person, state__in=LIVE).count(),
        "replies": Reply.objects.filter(author=person, state__in=UNDER_WAY).count(),
        "absences": Absence.objects.filter(delegate=person, ended_at=None).count(),
    }


def _refused(
    request: StaffRequest, filled: PersonForm, error: BadOrganisationError
) -> HttpResponse:
    add_problems(filled, error.problems)
    return _form(request, filled, status=422)


def _form(request: StaffRequest, filled: PersonForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": filled, "roles": ROLES, "person": filled.person}
    if filled.person:
        person = filled.person
        rows = Invitation.objects.filter(person=person)
        open_one = rows.filter(used_at=None, revoked_at=None).first()
        context |= {
            "work": work_of(person),
            "invitation": open_one,
            # Without a mail server nobody else would ever see the link.
            "link": link_of(open_one) if open_one and not (mail_leaves() and person.email) else "",
            "mail_leaves": mail_leaves(),
            **history_of(OrgChange.Noun.PERSON, person.username),
        }
    return render(request, "web/administration/person.html", context, status=status)
