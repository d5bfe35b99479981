"""The directory's pages: list and search, one contact, new and edit, duplicates side by side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.privacy.rights import records
from registry.contacts import directory as contacts
from registry.contacts import merging as contact_merging
from registry.contacts.access import (
    get_contact,
    manages_contacts,
    note_view,
    reads_directory,
)
from registry.contacts.directory import BadContactError
from registry.contacts.links import letters_of
from registry.contacts.search import find_contacts
from registry.models.contacts import Contact, ContactEvent
from registry.states import ConflictError
from web.context import permissions_for
from web.desk.contacts.forms import (
    EVENTS,
    ContactForm,
    NewContactForm,
    PointForm,
    reasons_in_words,
)
from web.shared.guard import StaffRequest, form, page, redirect_after
from web.shared.paging import page_of

ROWS, LETTERS, EVENTS_SHOWN = 40, 15, 20
APART_SHOWN = 20


@page(reads_directory)
def directory(request: StaffRequest) -> HttpResponse:
    """Show all contacts by name, or those that match the words."""
    words = request.GET.get("q", "")[:200].replace("\0", "")
    found = page_of(
        find_contacts(words),
        order=["sort_name", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": _with_points(found.rows),
        "next": found.next_cursor,
        "words": words,
        "manages": _manages(request),
    }
    return render(request, "web/contacts.html", context)


def _manages(request: StaffRequest) -> bool:
    permissions = permissions_for(request)
    return bool(permissions) and manages_contacts(permissions)  # type: ignore[arg-type]


def _records(request: StaffRequest) -> bool:
    permissions = permissions_for(request)
    return bool(permissions) and records(permissions)  # type: ignore[arg-type]


def _with_points(rows: list[Contact]) -> list[tuple[Contact, list[Any]]]:
    """Return each contact with its own points, in one query for all."""
    points: dict[int, list[Any]] = {row.pk: [] for row in rows}
    for point in contacts.points_of_all(list(points)):
        points[point.contact_id].append(point)
    return [(row, points[row.pk][:4]) for row in rows]


@page()
def show(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Show one contact, with the letters that this user may read, and record the view."""
    contact = get_contact(request.user, contact_id)
    if contact.pk != contact_id:
        return redirect("desk:contact", contact_id=contact.pk)
    note_view(contact, viewer=request.user)
    letters = page_of(
        letters_of(contact, viewer=request.user).for_lists(),
        order=["-registered_at", "-id"],
        cursor=request.GET.get("from", ""),
        limit=LETTERS,
    )
    context = {
        "contact": contact,
        "points": contacts.shown_points(contact),
        "letters": letters.rows,
        "next": letters.next_cursor,
        "manages": _manages(request),
        "personal_data": _records(request),
        **(_keeping(contact) if _manages(request) else {}),
    }
    return render(request, "web/contact.html", context)


def _keeping(contact: Contact) -> dict[str, Any]:
    """Return what only users who may edit the directory see."""
    events = ContactEvent.objects.filter(contact=contact).select_related("actor")
    doubles = contact_merging.likely_doubles(contact)
    return {
        "point_form": PointForm(),
        "merges": list(contact_merging.open_merges_of(contact)[:20]),
        "doubles": [(match, reasons_in_words(match.reasons)) for match in doubles],
        "apart": [
            (pair.second if pair.first_id == contact.pk else pair.first, pair)
            for pair in contact_merging.told_apart_from(contact)[:APART_SHOWN]
        ],
        "history": [
            (event, EVENTS.get(event.kind, event.kind))
            for event in events.order_by("-pk")[:EVENTS_SHOWN]
        ],
    }


@form(manages_contacts)
def new(request: StaffRequest) -> HttpResponse:
    """Create a contact from scratch."""
    filled = NewContactForm(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        try:
            contact = contacts.create_contact(filled.contact_data(), actor=request.user)
        except BadContactError as error:
            filled.add_error(error.field if error.field in filled.fields else None, str(error))
        else:
            messages.success(request, _("The contact is kept."))
            return redirect_after(reverse("desk:contact", args=[contact.pk]), request)
    context = {"form": filled, "title": _("New contact")}
    return render(request, "web/contact_form.html", context, status=_status(filled))


@form(manages_contacts)
def edit(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Edit the columns of a contact; refused where somebody changed it meanwhile."""
    contact = get_contact(request.user, contact_id)
    known = {name: getattr(contact, name) for name in (*contacts.COLUMNS, "version")}
    filled = ContactForm(request.POST or None, initial=known)
    if request.method == "POST" and filled.is_valid():
        try:
            contacts.edit_contact(
                contact,
                actor=request.user,
                changes=filled.changes(),
                version=filled.cleaned_data["version"] or 0,
            )
        except BadContactError as error:
            filled.add_error(error.field if error.field in filled.fields else None, str(error))
        except ConflictError:
            words = _("Somebody changed this contact meanwhile. Please look again.")
            messages.warning(request, words)
            return redirect_after(reverse("desk:contact", args=[contact.pk]), request)
        else:
            messages.success(request, _("The contact is kept."))
            return redirect_after(reverse("desk:contact", args=[contact.pk]), request)
    context = {"form": filled, "title": contact.name, "contact": contact}
    return render(request, "web/contact_form.html", context, status=_status(filled))


def _status(filled: ContactForm) -> int:
    return 422 if filled.is_bound and filled.errors else 200


@page(manages_contacts)
def doubles(request: StaffRequest) -> HttpResponse:
    """Show pairs that may be one contact, the likeliest first.

    `?show=apart` shows those that a person has marked as different, the last first.
    """
    apart = request.GET.get("show") == "apart"
    found = page_of(
        contact_merging.told_apart() if apart else contact_merging.open_doubles(),
        order=["-dismissed_at", "-pk"] if apart else ["-score", "pk"],
        cursor=request.GET.get("from", ""),
        limit=ROWS,
    )
    context = {
        "rows": [(row, reasons_in_words(row.reasons)) for row in found.rows],
        "next": found.next_cursor,
        "apart": apart,
    }
    return render(request, "web/contact_doubles.html", context)


@form(manages_contacts)
def merge(request: StaffRequest, contact_id: int, other_id: int) -> HttpResponse:
    """Show two contacts side by side, then merge them: `other` becomes `contact`."""
    winner = get_contact(request.user, contact_id)
    loser = get_contact(request.user, other_id)
    target = reverse("desk:contact", args=[winner.pk])
    try:
        if request.method == "POST":
            contact_merging.merge_contacts(winner=winner, loser=loser, actor=request.user)
            messages.success(request, _("Merged. The merge can be undone on this page."))
            return redirect_after(target, request)
        preview = contact_merging.preview_merge(winner=winner, loser=loser)
    except ConflictError as error:
        if winner.pk == loser.pk and request.method != "POST":
            raise Http404 from error
        messages.warning(request, _("One of the two was merged meanwhile."))
        return redirect_after(target, request)
    context = {
        "preview": preview,
        "most": contact_merging.COUNTED,
        "apart": contact_merging.apart_pair(winner, loser),
    }
    return render(request, "web/contact_merge.html", context)
