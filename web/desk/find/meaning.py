"""Semantic search and similar letters: fragments that a page loads after it is shown."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from registry.access import get_letter
from search.services import letters_by_meaning, meaning_state, similar_letters
from web.shared.guard import StaffRequest, page, reads_letters

MOST: int = 5
MOST_SHOWN: int = 40  # letters above that a page may name to be left out


@page(reads_letters)
def by_meaning(request: StaffRequest) -> HttpResponse:
    """Show letters close in meaning to `?q=`, without the letters `?not=` shown above."""
    words = request.GET.get("q", "").strip()[:1000]
    hits = letters_by_meaning(
        viewer=request.user, words=words, limit=MOST, without=_ids(request.GET.getlist("not"))
    )
    context = {"words": words, "hits": hits, "filling": bool(hits) and _is_filling()}
    return _answer(request, "by_meaning", context)


@page(reads_letters)
def similar(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Show letters about the same matter as this one."""
    letter = get_letter(request.user, letter_id)
    hits = similar_letters(viewer=request.user, letter=letter, limit=MOST)
    return _answer(request, "similar", {"letter": letter, "hits": hits})


def _answer(request: StaffRequest, part: str, context: dict[str, Any]) -> HttpResponse:
    """Return the fragment alone for htmx, a page of its own without JavaScript."""
    context |= {"part": f"web/parts/{part}_found.html"}
    if getattr(request, "htmx", False):
        return render(request, context["part"], context)
    return render(request, "web/by_meaning.html", context)


def _is_filling() -> bool:
    return meaning_state() == "filling"


def _ids(values: list[str]) -> list[UUID]:
    """Return the valid ids among these values; ignore the others."""
    found = []
    for value in values[:MOST_SHOWN]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
