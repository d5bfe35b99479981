"""Announcements on the citizens' pages over the API: read, made for some days, withdrawn."""

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from org.announcements import announce_to_citizens, withdraw
from org.errors import BadOrganisationError
from org.models import Announcement
from org.models.announcements import MOST_LETTERS
from registry.states import ConflictError
from web.api.access import Administers, caller
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, optional_text, shown
from web.api.view import ApiView, checked, get_or_404, no_words, operation


class AnnouncementIn(Shape):
    """What citizens are told, and on which days."""

    words_ar = serializers.CharField(max_length=MOST_LETTERS)
    words_fr = serializers.CharField(max_length=MOST_LETTERS)
    words_en = optional_text(MOST_LETTERS)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    urgent = serializers.BooleanField(default=False)


class AnnouncementOut(Shape):
    """An announcement; a withdrawn one is shown to nobody any more, and stays on record."""

    id = serializers.IntegerField()
    words_ar = serializers.CharField()
    words_fr = serializers.CharField()
    words_en = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    urgent = serializers.BooleanField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(
        source="made_by.username", allow_null=True, help_text="A user name."
    )
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AnnouncementsOut(PageShape):
    """Announcements, the latest first. `next_cursor` is empty on the last page."""

    announcements = AnnouncementOut(source="rows", many=True)


class AnnouncementsAsked(Listed):
    """The wanted page of the announcements."""

    ORDERS = both_ways("-made_at", "-made_at", "-pk")


class AnnouncementsView(ApiView):
    """Announcements."""

    permission_classes = [Administers]

    @lists("list_announcements", AnnouncementsAsked, AnnouncementsOut, 403)
    def get(self, _request: Request, _given: Given) -> Rows:
        """List all announcements, also those to come, over and withdrawn."""
        return Announcement.objects.select_related("made_by")

    @operation("make_announcement", AnnouncementOut, 400, 403, takes=AnnouncementIn, status=201)
    def post(self, request: Request) -> Response:
        """Tell citizens something from a day to a day."""
        given = checked(AnnouncementIn, request)
        words = {code: given[f"words_{code}"] for code in ("ar", "fr", "en")}
        try:
            made = announce_to_citizens(
                words,
                first_day=given["first_day"],
                last_day=given["last_day"],
                urgent=given["urgent"],
                actor=caller(request),
            )
        except BadOrganisationError as error:
            raise ValidationError(error.problems) from error
        return shown(AnnouncementOut, made, status=201)


class AnnouncementView(ApiView):
    """An announcement."""

    permission_classes = [Administers]

    @operation("withdraw_announcement", None, 403, 404, 409, status=204)
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Show it to citizens no more; it stays on record."""
        no_words(request)
        row = get_or_404(Announcement.objects.filter(pk=announcement_id))
        if not withdraw(row.pk, actor=caller(request)):
            raise ConflictError
        return Response(status=204)
