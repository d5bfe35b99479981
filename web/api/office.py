"""API endpoints beside the letters: search, jobs, the caller."""

from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.models import Job
from jobs.runner import try_again
from org.models import User
from org.people import permissions_of
from registry.states import ConflictError
from search.contract import FACETS
from search.services import find_letters
from web.api import requests
from web.api.access import MayWatchJobs, caller
from web.api.answers import LetterRow
from web.api.listing import Given, Rows, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, get_or_404, no_words, operation, validated_query


class SnippetOut(Shape):
    """An extract of the letter as written; `marked` when it matches the search."""

    text = serializers.CharField()
    marked = serializers.BooleanField()


class HitOut(Shape):
    """A letter that was found, and where in it."""

    letter = LetterRow()
    snippet = SnippetOut(many=True)
    proposed_sender = serializers.CharField(
        help_text="Who seems to have sent it, where the letter has no sender; else empty."
    )


class NearHitOut(HitOut):
    """A letter that has most of the words."""

    lacking = serializers.ListField(
        child=serializers.CharField(), help_text="The words that it lacks, as typed."
    )


class FoundOut(Shape):
    """Search results. `facets` counts only on the first page."""

    total = serializers.IntegerField()
    hits = HitOut(many=True)
    facets = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    next_cursor = serializers.CharField()
    engine_down = serializers.BooleanField(
        help_text="Only numbers, references and the newest letters were looked up."
    )
    corrected = serializers.CharField(
        help_text="The whole search as it was perhaps meant; empty where it is right."
    )
    left_out = serializers.ListField(
        child=serializers.CharField(),
        help_text="Words that the letters found lack, since no letter has all of them.",
    )
    most = NearHitOut(
        many=True,
        help_text="Where no letter has all words: ten with most of them at most, not counted.",
    )


class SearchView(ApiView):
    """Search of letters."""

    heavy = True

    @operation("search", FoundOut, 400, asks=[requests.SearchAsked])
    def get(self, request: Request) -> Response:
        """Search among what the caller may read."""
        given = validated_query(requests.SearchAsked, request)
        found = find_letters(
            viewer=caller(request),
            words=given.get("q", ""),
            filters={name: given[name] for name in FACETS if given.get(name)},
            overdue=given["overdue"],
            after=given.get("after"),
            before=given.get("before"),
            order=given["order"],
            limit=given["limit"],
            cursor=given.get("cursor", ""),
            leave_out=True,
        )
        return shown(FoundOut, found)


class JobOut(Shape):
    """A job of a kind on a subject (an id)."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(Job.State.choices)
    attempts = serializers.IntegerField()
    done_steps = serializers.IntegerField()
    total_steps = serializers.IntegerField()
    run_after = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    error_code = serializers.CharField()
    last_error = serializers.CharField()


class JobsOut(PageShape):
    """One page of the office's jobs, newest first."""

    jobs = JobOut(source="rows", many=True)


class JobsView(ApiView):
    """Jobs of the office."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @lists("list_jobs", requests.JobsAsked, JobsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List what waits, runs, is done or parked, newest first."""
        wanted = {name: given[name] for name in ("state", "kind") if name in given}
        return Job.objects.filter(**wanted)


class RetryView(ApiView):
    """Retry of a job."""

    permission_classes = [IsAuthenticated, MayWatchJobs]

    @operation("retry_job", JobOut, 403, 404, 409, takes=None)
    def post(self, request: Request, job_id: int) -> Response:
        """Try a parked job again; 409 when it is not parked any more."""
        no_words(request)
        job = get_or_404(Job.objects.filter(pk=job_id))
        if not try_again(job.pk):
            raise ConflictError
        job.refresh_from_db()
        return shown(JobOut, job)


class MeOut(Shape):
    """The caller."""

    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.shown_name")
    duty = serializers.ChoiceField(User.Duty.choices, source="permissions.duty")
    clearance = serializers.IntegerField(source="permissions.clearance")
    departments = serializers.DictField(
        source="permissions.departments",
        child=serializers.CharField(),
        help_text="Code → role.",
    )
    language = serializers.CharField(source="user.language")


class MeView(ApiView):
    """The caller."""

    @operation("get_me", MeOut)
    def get(self, request: Request) -> Response:
        """Return the caller's duty, clearance and departments."""
        user = caller(request)
        return shown(MeOut, {"user": user, "permissions": permissions_of(user)})
