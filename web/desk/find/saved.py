"""A user's saved searches: saved from the search page, listed, opened, changed, deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from search.saved.models import SavedSearch
from search.saved.searches import (
    MOST_COUNTED,
    BadSavedSearchError,
    NoSuchSearchError,
    change_search,
    delete_search,
    get_saved,
    mark_viewed,
    new_letters,
    save_search,
    saved_searches_of,
)
from search.services import BadSearchError, SearchRequest, read_search
from web.desk.find.facets import chips_of, labels
from web.shared.guard import StaffRequest, page, reads_letters, redirect_after, verb


@page(reads_letters)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all saved searches, with the filters of each."""
    names = labels()
    rows = []
    for row in saved_searches_of(request.user):
        asked = SearchRequest.of_address(row.address)
        rows.append({"row": row, "words": asked.words, "chips": chips_of(asked, names)})
    return render(request, "web/saved.html", {"rows": rows, "alerts": SavedSearch.Alert.choices})


@page(reads_letters)
def counts(request: StaffRequest) -> HttpResponse:
    """Return a fragment: the pinned ones with the number of new letters in each, counted now."""
    here = request.GET.get("here", "")
    rows = saved_searches_of(request.user, pinned=True)
    shown: list[dict[str, Any]] = [{"row": row, "here": str(row.pk) == here} for row in rows]
    for one in shown[:MOST_COUNTED]:
        count = new_letters(one["row"])
        if count is None:  # engine unavailable: the others would time out too
            break
        one["count"] = count
    return render(request, "web/parts/saved_pinned.html", {"shown": shown})


@page(reads_letters)
def open_saved(request: StaffRequest, search_id: UUID) -> HttpResponse:
    """Run the search again, and count what is new from now on."""
    search = _own(request, search_id)
    mark_viewed(search)
    return redirect(f"{reverse('desk:search')}?{search.address}")


@verb(reads_letters)
def save(request: StaffRequest) -> HttpResponse:
    """Save the search of the page under a name."""
    address = request.POST.get("address", "")
    back = f"{reverse('desk:search')}?{SearchRequest.of_address(address).address()}"
    try:
        save_search(
            person=request.user,
            name=request.POST.get("name", ""),
            asked=read_search(address),
            alert=request.POST.get("alert", SavedSearch.Alert.NONE),
        )
    except (BadSearchError, BadSavedSearchError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The search is kept."))
    return redirect_after(back, request)


@verb(reads_letters)
def change(request: StaffRequest, search_id: UUID) -> HttpResponse:
    """Rename, pin, choose the alert; or delete."""
    search = _own(request, search_id)
    given = request.POST
    if given.get("do") == "delete":
        delete_search(search)
        messages.success(request, _("The search is deleted."))
        return redirect_after(reverse("desk:saved"), request)
    try:
        change_search(
            search,
            name=given.get("name", search.name),
            alert=given.get("alert", search.alert),
            pinned=bool(given.get("pinned")),
        )
    except BadSavedSearchError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The search is changed."))
    return redirect_after(reverse("desk:saved"), request)


def _own(request: StaffRequest, search_id: UUID) -> SavedSearch:
    try:
        return get_saved(request.user, search_id)
    except NoSuchSearchError as error:
        raise Http404 from error
