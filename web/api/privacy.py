"""Personal data over the API: print-outs of a person, rectifications."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.privacy import rectifying
from eservices.privacy.models import REASON, VALUE, Printout, Rectification
from eservices.privacy.printing import PrintoutRequest, ask_printout, printouts
from eservices.privacy.rights import answers_for_data, reads_requests, records
from eservices.relations.customers import NoSuchCustomerError
from jobs.models import Job
from org.models import User
from registry.models.letters import Letter
from search.exports.export_requests import (
    ExportRefusedError,
    NoSuchExportError,
    fetch_export,
)
from search.kinds import SearchJob
from web.api.access import caller, permitted
from web.api.exports import ExportOut
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, optional_text, shown
from web.api.view import ApiView, AsItIs, checked, file_answer, get_or_404, operation
from web.shared.exports import answer_file

ReadsRequests: Final = permitted(reads_requests)
Records: Final = permitted(records)
AnswersForData: Final = permitted(answers_for_data)
SUBJECT: Final = "`contact:12`, `person:UUID`, `request:UUID`, `call:UUID`, `contract:NUMBER`."
_READABLE: Final = "Its number, for who may read the letter."


class PrintoutIn(Shape):
    """Of whom everything is printed, why, and by which letter they asked."""

    subject = serializers.CharField(max_length=80, help_text=SUBJECT)
    reason = serializers.CharField(max_length=REASON)
    letter = optional_text(60, help_text="A registry number.")
    language = serializers.ChoiceField(["ar", "fr", "en"], required=False, default="fr")
    documents = serializers.BooleanField(required=False, default=True)


class PrintoutOut(Shape):
    """A print-out: who had it made, and why; its file is for who asked for it."""

    id = serializers.UUIDField()
    subject = serializers.CharField(help_text=SUBJECT)
    reason = serializers.CharField()
    letter = serializers.CharField(source="letter_number", allow_null=True, help_text=_READABLE)
    asked_by = serializers.CharField(source="asked_by.username")
    asked_at = serializers.DateTimeField()
    file = ExportOut(source="export")


class PrintoutsOut(PageShape):
    """Print-outs, the newest first. `next_cursor` is empty on the last page."""

    printouts = PrintoutOut(source="rows", many=True)


class PrintoutsAsked(Listed):
    """The wanted page of the print-outs."""

    ORDERS = both_ways("-asked_at", "-asked_at", "-pk")


class PrintoutsView(ApiView):
    """Print-outs of what is held of a person."""

    def get_permissions(self) -> Any:
        """Return who may list, and who may print."""
        return [AnswersForData() if self.request.method == "POST" else ReadsRequests()]

    @lists("list_printouts", PrintoutsAsked, PrintoutsOut, 403)
    def get(self, request: Request, _given: Given) -> Rows:
        """List who had a person's data printed, and why."""
        return printouts(viewer=caller(request)).order_by()

    @operation("print_person", PrintoutOut, 400, 403, 404, 409, takes=PrintoutIn, status=201)
    def post(self, request: Request) -> Response:
        """Have everything printed that the office holds of a person: a PDF and JSON in a ZIP."""
        given = checked(PrintoutIn, request)
        letter = _letter(request, given, "letter")
        try:
            made = ask_printout(
                PrintoutRequest(**{**given, "letter": letter}), actor=caller(request)
            )
        except NoSuchCustomerError as error:
            raise Http404 from error
        except ExportRefusedError as error:
            raise ValidationError({"subject": [str(error)]}) from error
        kept = printouts(viewer=caller(request)).get(pk=made.pk)
        return shown(PrintoutOut, kept, status=201)


class PrintoutView(ApiView):
    """A print-out."""

    permission_classes = [ReadsRequests]

    @operation("read_printout", PrintoutOut, 403, 404)
    def get(self, request: Request, printout_id: UUID) -> Response:
        """Read how far a print-out is."""
        row = get_or_404(printouts(viewer=caller(request)).filter(pk=printout_id))
        jobs = Job.objects.filter(kind=SearchJob.SEARCH_EXPORT, subject=str(row.export_id))
        return shown(PrintoutOut, row, job=jobs.order_by("-id").first())


class PrintoutContentView(ApiView):
    """The file of a print-out."""

    heavy = True
    permission_classes = [AnswersForData]
    content_negotiation_class = AsItIs

    @operation("read_printout_content", file_answer("application/zip"), 403, 404, takes=None)
    def get(self, request: Request, printout_id: UUID) -> HttpResponseBase:
        """Return the ZIP to who asked for it, while they may read all letters in it; else 404."""
        row = get_or_404(Printout.objects.filter(pk=printout_id))
        try:
            export, stream = fetch_export(caller(request), row.export_id)
        except (NoSuchExportError, ExportRefusedError) as error:
            raise Http404 from error
        return answer_file(export, stream)


class RectificationIn(Shape):
    """What a person wants to have corrected; `about`: the registered letter in which it stands."""

    subject = serializers.CharField(max_length=80, help_text=SUBJECT)
    what = serializers.ChoiceField(Rectification.What.choices)
    present = optional_text(VALUE)
    wanted = serializers.CharField(max_length=VALUE)
    reason = optional_text(REASON)
    letter = optional_text(60, help_text="A registry number.")
    about = optional_text(60, help_text="A registry number.")
    asked_on = serializers.DateField(required=False, allow_null=True, default=None)


class RectificationOut(Shape):
    """A rectification and what became of it; people by user name."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    what = serializers.ChoiceField(Rectification.What.choices)
    present = serializers.CharField()
    wanted = serializers.CharField()
    reason = serializers.CharField()
    letter = serializers.CharField(source="letter_number", allow_null=True, help_text=_READABLE)
    about = serializers.CharField(source="about_number", allow_null=True, help_text=_READABLE)
    asked_on = serializers.DateField()
    due_on = serializers.DateField(help_text="Ten days, by article 8 of law 09-08.")
    state = serializers.ChoiceField(Rectification.State.choices)
    recorded_by = serializers.CharField(source="recorded_by.username")
    decision = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class RectificationsOut(PageShape):
    """Rectifications, the most urgent first. `next_cursor` is empty on the last page."""

    rectifications = RectificationOut(source="rows", many=True)


class RectificationsAsked(Listed):
    """The wanted page of rectifications."""

    ORDERS = both_ways("due_on", "due_on", "pk")

    waiting = serializers.BooleanField(
        required=False, default=False, help_text="Only those without an answer."
    )


class RectificationsView(ApiView):
    """Rectifications."""

    def get_permissions(self) -> Any:
        """Return who may list, and who may record."""
        return [Records() if self.request.method == "POST" else ReadsRequests()]

    @lists("list_rectifications", RectificationsAsked, RectificationsOut, 403)
    def get(self, request: Request, given: Given) -> Rows:
        """List what people asked to have corrected."""
        rows = rectifying.open_first(Rectification.objects.all(), viewer=caller(request))
        return rows.filter(answered_at=None) if given["waiting"] else rows

    @operation(
        "record_rectification", RectificationOut, 400, 403, 404, 409,
        takes=RectificationIn, status=201,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Record that a person asks for a correction."""
        given = checked(RectificationIn, request)
        letters = {name: _letter(request, given, name) for name in ("letter", "about")}
        try:
            asked = rectifying.CorrectionRequest(**{**given, **letters})
            made = rectifying.record(asked, actor=caller(request))
        except NoSuchCustomerError as error:
            raise Http404 from error
        return shown(RectificationOut, _rectification(request, made.pk), status=201)


class RectificationView(ApiView):
    """A rectification."""

    permission_classes = [ReadsRequests]

    @operation("read_rectification", RectificationOut, 403, 404)
    def get(self, request: Request, rectification_id: int) -> Response:
        """Read what is asked for, and what became of it."""
        return shown(RectificationOut, _rectification(request, rectification_id))


class RectificationDecisionIn(Shape):
    """Grounds of the decision, or how the person was told."""

    words = optional_text(REASON)


class RectificationDecisionView(ApiView):
    """A decision about a rectification, or its answer."""

    permission_classes = [AnswersForData]

    @operation(
        "decide_rectification", RectificationOut, 400, 403, 404, 409,
        takes=RectificationDecisionIn,
    )  # fmt: skip
    def post(self, request: Request, rectification_id: int, what: str) -> Response:
        """Decide: `accept` carries it out at once, `refuse` with grounds, `answer` when told."""
        do: dict[str, Any] = {
            "accept": rectifying.accept,
            "refuse": rectifying.refuse,
            "answer": rectifying.answer,
        }
        if what not in do:
            raise Http404
        row = _rectification(request, rectification_id)
        given = checked(RectificationDecisionIn, request)
        try:
            do[what](row, actor=caller(request), words=given["words"])
        except NoSuchCustomerError as error:
            raise Http404 from error
        return shown(RectificationOut, _rectification(request, row.pk))


def _rectification(request: Request, pk: int) -> Rectification:
    rows = Rectification.objects.filter(pk=pk)
    return get_or_404(rectifying.open_first(rows, viewer=caller(request)))


def _letter(request: Request, given: dict[str, Any], name: str) -> Letter | None:
    """Return the letter of a number. Raise ValidationError for one that the caller cannot read."""
    number = given.get(name, "").strip()
    if not number:
        return None
    viewer: User = caller(request)
    found: Letter | None = Letter.objects.visible_to(viewer).filter(number=number).first()
    if found is None:
        raise ValidationError({name: [_("There is no such letter.")]})
    return found
