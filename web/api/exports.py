"""Exports over the API: request, progress and download."""

from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.models import Job
from search.exports.export_requests import (
    ExportRefusedError,
    NoSuchExportError,
    get_export,
    problem_of,
)
from search.exports.models import Export
from search.kinds import SearchJob
from search.services import BadSearchError, fetch_export, read_search, request_export
from web.api.access import ReadsLetters, caller
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.saved import ADDRESS_HELP
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, AsItIs, checked, file_answer, operation
from web.shared.exports import answer_file, is_there, is_waiting


class ExportIn(Shape):
    """The letters to export, and the format."""

    search = serializers.CharField(max_length=2000, allow_blank=True, help_text=ADDRESS_HELP)
    format = serializers.ChoiceField(Export.Format.choices)


class ExportOut(Shape):
    """An export of the caller's own."""

    id = serializers.UUIDField()
    format = serializers.ChoiceField(Export.Format.choices)
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    search = serializers.CharField(source="address", help_text=ADDRESS_HELP)
    state = serializers.ChoiceField(["waiting", "ready", "failed", "gone"])
    letters = serializers.IntegerField(source="count")
    done_steps = serializers.IntegerField()
    total_steps = serializers.IntegerField()
    problem = serializers.CharField(help_text="Why there is no file, in words; empty else.")

    def show_state(self, export: Export) -> str:
        """Return how far it is."""
        if is_waiting(export):
            return "waiting"
        if export.problem:
            return "failed"
        return "ready" if is_there(export) else "gone"

    def show_done_steps(self, _export: Export) -> int:
        """Return the steps that its job has done."""
        job = self.context.get("job")
        return job.done_steps if job else 0

    def show_total_steps(self, _export: Export) -> int:
        """Return the steps of its job."""
        job = self.context.get("job")
        return job.total_steps if job else 0

    def show_problem(self, export: Export) -> str:
        """Return the problem in words."""
        return problem_of(export)


class ExportsAsked(Listed):
    """A page of exports."""

    ORDERS = both_ways("-asked_at", "-asked_at", "-id")


class ExportsOut(PageShape):
    """The caller's exports. `next_cursor` is empty on the last page."""

    exports = ExportOut(source="rows", many=True)


def _refused(error: ExportRefusedError) -> ValidationError:
    return ValidationError({"search": [str(error)]})


class ExportsView(ApiView):
    """The caller's exports."""

    heavy = True

    permission_classes = [IsAuthenticated, ReadsLetters]

    @lists("list_exports", ExportsAsked, ExportsOut, 403)
    def get(self, request: Request, _given: Given) -> Rows:
        """List exports of searches, by default the newest thirty."""
        return Export.objects.filter(person=caller(request), source=Export.Source.SEARCH)

    @operation("ask_export", ExportOut, 400, 403, takes=ExportIn, status=201)
    def post(self, request: Request) -> Response:
        """Request an export of the result of a search: letters that the caller may read."""
        given = checked(ExportIn, request)
        try:
            export = request_export(
                person=caller(request),
                asked=read_search(given["search"]),
                format=given["format"],
                language=(get_language() or "fr")[:2],
            )
        except BadSearchError as error:
            raise ValidationError({"search": error.fields}) from error
        except ExportRefusedError as error:
            raise _refused(error) from error
        return shown(ExportOut, export, status=201)


class ExportView(ApiView):
    """One export."""

    permission_classes = [IsAuthenticated, ReadsLetters]

    @operation("get_export", ExportOut, 403, 404)
    def get(self, request: Request, export_id: UUID) -> Response:
        """Return its progress, or its result."""
        try:
            export = get_export(caller(request), export_id)
        except NoSuchExportError as error:
            raise Http404 from error
        jobs = Job.objects.filter(kind=SearchJob.SEARCH_EXPORT, subject=str(export.pk))
        return shown(ExportOut, export, job=jobs.order_by("-id").first())


class ExportContentView(ApiView):
    """The file of an export."""

    heavy = True

    permission_classes = [IsAuthenticated, ReadsLetters]
    content_negotiation_class = AsItIs

    @operation("get_export_content", file_answer("application/octet-stream", "*/*"))
    def get(self, request: Request, export_id: UUID) -> HttpResponseBase:
        """Return the bytes, while the caller may read all letters in it; else 404."""
        try:
            export, stream = fetch_export(caller(request), export_id)
        except (NoSuchExportError, ExportRefusedError) as error:
            raise Http404 from error
        return answer_file(export, stream)
