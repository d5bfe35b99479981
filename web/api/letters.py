"""Letters over the API: deposit, list, one letter, its history, text and files."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from registry.models.events import LetterEvent
from registry.models.letters import Channel, Letter
from registry.models.marks import mark_of
from registry.readable_history import readable_events
from registry.reading.readings import current_readings
from registry.receipts import office_copy
from registry.states import Stage
from web.api import answers
from web.api.access import IsOffice, caller
from web.api.deposit import LONGEST_KEY, DepositIn, deposit, deposited
from web.api.described import by_form
from web.api.etags import ETAG, tag_of, tagged
from web.api.listing import Given, Listed, Rows, both_ways, changed_since, lists, with_events_since
from web.api.shape import Shape, shown
from web.api.view import (
    ApiView,
    AsItIs,
    UploadView,
    file_answer,
    get_or_404,
    operation,
    responses,
    validated_query,
)
from web.shared.files import receipt_of, stored
from web.shared.reading import read_letter

KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="The same key of the same caller gives the letter of the first time; with other "
    "content it is refused (409).",
)
MOST_EVENTS = 500


class LettersAsked(Listed):
    """The filter of a list of letters; what is not given does not narrow."""

    ORDERS = both_ways("-registered_at", "-registered_at", "-id")

    register = serializers.CharField(required=False)
    stage = serializers.ChoiceField(Stage.choices, required=False)
    kind = serializers.CharField(required=False)
    department = serializers.CharField(required=False)
    channel = serializers.ChoiceField(Channel.choices, required=False)
    language = serializers.ChoiceField(["ar", "fr", "en"], required=False)
    reference = serializers.CharField(required=False, help_text="The sender's, exactly.")
    after = serializers.DateTimeField(required=False, help_text="Registered at or after.")
    before = serializers.DateTimeField(required=False, help_text="Registered before.")
    overdue = serializers.BooleanField(
        required=False, default=False, help_text="Open, and due before today."
    )
    changed_since = changed_since()


_FILTERS = {
    "register": "register__code",
    "stage": "stage",
    "kind": "kind__code",
    "department": "department__code",
    "channel": "channel",
    "language": "language",
    "reference": "external_reference",
    "after": "registered_at__gte",
    "before": "registered_at__lt",
}


class LettersView(UploadView):
    """The register's letters."""

    def get_permissions(self) -> list[BasePermission]:
        """Return permissions: everybody lists what they may read; the office deposits."""
        return [IsAuthenticated(), *([IsOffice()] if self.request.method == "POST" else [])]

    @lists("list_letters", LettersAsked, answers.LetterPage)
    def get(self, request: Request, given: Given) -> Rows:
        """List the letters that the caller may read, by default the newest first."""
        letters = Letter.objects.visible_to(caller(request)).for_lists()
        wanted = {_FILTERS[name]: given[name] for name in _FILTERS if name in given}
        if given["overdue"]:
            wanted |= {"due_on__lt": timezone.localdate(), "stage__in": ["registered", "in_hand"]}
        if "changed_since" in given:
            wanted["pk__in"] = with_events_since(given["changed_since"])
        return letters.filter(**wanted)

    @operation(
        "deposit_letter",
        responses(answers.DepositOut, 400, 403, 409, 413, 422, 503, status=201)
        | {200: answers.DepositOut},
        asks=[KEY],
        takes=by_form(DepositIn),
    )
    def post(self, request: Request) -> Response:
        """Register a letter with its files. 201: registered now. 200: this key did so before."""
        actor = caller(request)
        received = deposit(request, actor=actor)
        return deposited(received, viewer=actor)


class LetterView(ApiView):
    """One letter."""

    @operation("get_letter", answers.LetterOut, 404, asks=[ETAG])
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return the letter with everything that belongs to it."""
        viewer = caller(request)
        letter = read_letter(viewer, letter_id)
        return tagged(shown(answers.LetterOut, letter, viewer=viewer), tag_of(letter))


class EventsAsked(Shape):
    """The requested part of the history."""

    after = serializers.IntegerField(
        required=False, default=0, min_value=0, help_text="`seq` of the last line known."
    )


class EventsView(ApiView):
    """A letter's history."""

    @operation("list_events", answers.EventsOut, 400, 404, asks=[EventsAsked])
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return the lines after `after`, oldest first, 500 at most."""
        viewer = caller(request)
        letter = read_letter(viewer, letter_id)
        after = validated_query(EventsAsked, request)["after"]
        rows = LetterEvent.objects.filter(letter=letter, seq__gt=after).select_related("actor")
        events = readable_events(list(rows.order_by("seq")[:MOST_EVENTS]), viewer)
        return shown(answers.EventsOut, {"events": events})


class TextView(ApiView):
    """Text of a letter."""

    @operation("get_text", answers.TextOut, 404)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return the text page by page, with language, source and confidence."""
        letter = read_letter(caller(request), letter_id)
        return shown(answers.TextOut, {"documents": current_readings(letter.pk)})


class ContentView(ApiView):
    """Bytes of a document."""

    content_negotiation_class = AsItIs

    @operation("get_content", file_answer("application/octet-stream", "*/*"))
    def get(self, request: Request, letter_id: UUID, document_id: UUID) -> HttpResponseBase:
        """Return the original as it was deposited."""
        letter = read_letter(caller(request), letter_id)
        rows = letter.documents.select_related("file__warning")
        document = get_or_404(rows.filter(pk=document_id))
        mark = mark_of(document.file)
        return stored(document.file, document.media_type, name=document.title, mark=mark)


class ReceiptView(ApiView):
    """The registration receipt."""

    content_negotiation_class = AsItIs

    @operation("get_receipt", file_answer("application/pdf"))
    def get(self, request: Request, letter_id: UUID) -> HttpResponseBase:
        """Return staff's copy as PDF, without the code; 404 until `receipt.drawn` of the letter."""
        letter = read_letter(caller(request), letter_id)
        file = office_copy(receipt_of(letter))
        if file is None:
            raise Http404
        return stored(file, file.media_type, name=f"{letter.number.replace('/', '-')}.pdf")
