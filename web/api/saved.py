"""Saved searches over the API, and suggestions while typing."""

from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from search.saved.models import SavedSearch
from search.saved.searches import (
    MOST_SAVED,
    BadSavedSearchError,
    NoSuchSearchError,
    change_search,
    delete_search,
    get_saved,
    mark_viewed,
    new_letters,
    save_search,
)
from search.services import BadSearchError, read_search, suggest
from search.suggestions import LONGEST
from web.api.access import ReadsLetters, caller
from web.api.etags import ETAG, IF_MATCH, tag_again, tag_of, tagged, unchanged
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, checked, no_words, operation, validated_query

ADDRESS_HELP = (
    "The search as the query of its address: q, department, kind, stage, register, direction, "
    "year, month, language, channel, overdue, order; after and before as days, both included."
)


class SuggestionsAsked(Shape):
    """What the user has typed so far."""

    q = serializers.CharField(max_length=LONGEST, allow_blank=True)


class MeantOut(Shape):
    """A suggestion: words to search for, a letter, or a search of one's own."""

    kind = serializers.ChoiceField(["saved", "number", "word", "party", "letter"])
    text = serializers.CharField()
    note = serializers.CharField()
    letter = serializers.UUIDField(allow_null=True)
    search = serializers.CharField(
        source="address", help_text="The query of a saved search's address."
    )


class SuggestionsOut(Shape):
    """At most eight suggestions; none while the search engine is down."""

    suggestions = MeantOut(many=True)


class SavedSearchIn(Shape):
    """A search to save."""

    name = serializers.CharField(max_length=80)
    search = serializers.CharField(max_length=2000, help_text=ADDRESS_HELP)
    alert = serializers.ChoiceField(SavedSearch.Alert.choices, required=False, default="none")
    pinned = serializers.BooleanField(required=False, default=True)


class SavedSearchPatchIn(Shape):
    """The changes; what is not given stays."""

    name = serializers.CharField(max_length=80, required=False)
    alert = serializers.ChoiceField(SavedSearch.Alert.choices, required=False)
    pinned = serializers.BooleanField(required=False)
    seen = serializers.BooleanField(
        required=False, help_text="True: count new letters from now on."
    )


class SavedSearchOut(Shape):
    """A search of the caller's own."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    alert = serializers.ChoiceField(SavedSearch.Alert.choices)
    pinned = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    search = serializers.CharField(source="address", help_text=ADDRESS_HELP)


class SavedSearchWithCountOut(SavedSearchOut):
    """A search of the caller's own, with its number of new letters."""

    new = serializers.IntegerField(
        allow_null=True, help_text="Letters since seen_at; null while the engine is away."
    )

    def show_new(self, search: SavedSearch) -> int | None:
        """Return the number of new letters."""
        return new_letters(search)


class SavedSearchesAsked(Listed):
    """A page of saved searches; by default all."""

    ORDERS = both_ways("name", "name", "id")

    limit = serializers.IntegerField(
        required=False, default=MOST_SAVED, min_value=1, max_value=MOST_SAVED
    )


class SavedSearchesOut(PageShape):
    """The caller's saved searches. `next_cursor` is empty on the last page."""

    searches = SavedSearchOut(source="rows", many=True)


def _own(request: Request, search_id: UUID) -> SavedSearch:
    try:
        return get_saved(caller(request), search_id)
    except NoSuchSearchError as error:
        raise Http404 from error


class SuggestionsView(ApiView):
    """Suggestions."""

    permission_classes = [IsAuthenticated, ReadsLetters]

    @operation("suggest", SuggestionsOut, 400, 403, asks=[SuggestionsAsked])
    def get(self, request: Request) -> Response:
        """Return suggestions out of the letters that the caller may read."""
        given = validated_query(SuggestionsAsked, request)
        found = suggest(caller(request), given.get("q", ""))
        return shown(SuggestionsOut, {"suggestions": found})


class SavedSearchesView(ApiView):
    """The caller's saved searches."""

    permission_classes = [IsAuthenticated, ReadsLetters]

    @lists("list_saved_searches", SavedSearchesAsked, SavedSearchesOut, 403)
    def get(self, request: Request, _given: Given) -> Rows:
        """List all of them, by name."""
        return SavedSearch.objects.filter(person=caller(request))

    @operation("save_search", SavedSearchOut, 400, 403, takes=SavedSearchIn, status=201)
    def post(self, request: Request) -> Response:
        """Save a search under a name."""
        given = checked(SavedSearchIn, request)
        try:
            search = read_search(given.pop("search"))
            row = save_search(person=caller(request), asked=search, **given)
        except BadSearchError as error:
            raise ValidationError({"search": error.fields}) from error
        except BadSavedSearchError as error:
            raise ValidationError(error.fields) from error
        return shown(SavedSearchOut, row, status=201)


class SavedSearchView(ApiView):
    """One saved search."""

    permission_classes = [IsAuthenticated, ReadsLetters]

    @operation("get_saved_search", SavedSearchWithCountOut, 403, 404, asks=[ETAG])
    def get(self, request: Request, search_id: UUID) -> Response:
        """Return the search, and how many letters are new in it for the caller now."""
        row = _own(request, search_id)
        return tagged(shown(SavedSearchWithCountOut, row), tag_of(row))

    @operation(
        "change_saved_search",
        SavedSearchOut,
        400,
        403,
        404,
        asks=[IF_MATCH, ETAG],
        takes=SavedSearchPatchIn,
    )
    def patch(self, request: Request, search_id: UUID) -> Response:
        """Rename, pin, choose the alert, or mark as seen."""
        row = _own(request, search_id)
        given = checked(SavedSearchPatchIn, request)
        seen = given.pop("seen", False)
        try:
            with unchanged(request, row):
                change_search(row, **given)
        except BadSavedSearchError as error:
            raise ValidationError(error.fields) from error
        if seen:
            mark_viewed(row)
            row.refresh_from_db()
        return tagged(shown(SavedSearchOut, row), tag_again(row))

    @operation("delete_saved_search", None, 403, 404, asks=[IF_MATCH], status=204)
    def delete(self, request: Request, search_id: UUID) -> Response:
        """Delete it."""
        no_words(request)
        row = _own(request, search_id)
        with unchanged(request, row):
            delete_search(row)
        return Response(status=204)
