"""Response shapes of the API: letters and what belongs to them, for answers and schema."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from correspondence.acting.rights import actions_for
from correspondence.answers.reading import replies_of
from correspondence.models.replies import Reply
from registry.access import readable_among
from registry.doubles.same_mail import Near, near_to
from registry.intake import Received
from registry.models.documents import Document
from registry.models.letters import Channel, Letter, Party
from registry.models.marks import FileMark, mark_of
from registry.models.readings import DocumentReading
from registry.models.receipts import Receipt
from registry.models.voiding import VoidRequest
from registry.reading.readings import whole_pages
from registry.sender_copies import may_hand_over
from registry.states import Stage
from routing.closing.outcomes import outcome_of
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from routing.models.suggestions import Suggestion
from web.api.letter_parts import AssignmentOut, OutcomeOut, SameOut, SuggestionOut, VoidRequestOut
from web.api.reply_shapes import ReplyOut
from web.api.shape import PageShape, Shape
from web.shared.same_letters import registered_before


class FileOut(Shape):
    """A document as stored in the vault."""

    id = serializers.UUIDField()
    position = serializers.IntegerField(help_text="From 1; the first is the letter itself.")
    role = serializers.ChoiceField(["main", "enclosure"])
    title = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(source="file.size", help_text="In bytes.")
    sha256 = serializers.CharField(source="file.sha256")
    problem = serializers.CharField(help_text="Why it cannot be read; empty when it can.")
    active = serializers.ChoiceField(
        ["", *FileMark.Mark.values],
        help_text="What in it would run where it is opened: macros or scripts; empty for the most.",
    )

    def show_active(self, document: Document) -> str:
        """Return the mark of the file."""
        return mark_of(document.file)


class SameFileOut(Shape):
    """A letter that came with the very same file before."""

    letter = serializers.UUIDField(source="id")
    number = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())

    def show_score(self, _before: Letter) -> float:
        """Return the highest score: the files are equal byte by byte."""
        return 1.0

    def show_reasons(self, _before: Letter) -> list[str]:
        """Return the one reason."""
        return ["same_file"]


class DepositOut(Shape):
    """The registered letter. The tracking code is the citizen's secret: give it to nobody else.

    It is returned at the deposit; repeating the key half an hour later gives "".
    """

    id = serializers.UUIDField(source="letter.id")
    number = serializers.CharField(source="letter.number")
    tracking_code = serializers.CharField()
    created = serializers.BooleanField(help_text="False: this key had registered it before.")
    files = FileOut(many=True)
    same_as = SameFileOut(many=True, help_text="Known at once, by the file alone.")

    def show_tracking_code(self, received: Received) -> str:
        """Return the sender's code, at the deposit; "" for a later repeat."""
        now = received.created or may_hand_over(received.letter, self.context["viewer"])
        return received.tracking_code if now else ""

    def show_files(self, received: Received) -> Sequence[Document] | QuerySet[Document]:
        """Return the documents with their files; those just written need no query."""
        return received.documents or received.letter.documents.select_related("file__warning")

    def show_same_as(self, received: Received) -> list[Letter]:
        """Return letters that came with the same files; none can have where all are new."""
        return (
            []
            if not received.knew_files
            else registered_before(received.letter, self.context["viewer"])
        )


class PartyOut(Shape):
    """A party of a letter."""

    role = serializers.ChoiceField(Party.Role.choices)
    name = serializers.CharField()
    organisation = serializers.CharField()
    address = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()


class LetterRow(Shape):
    """A letter as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    register = serializers.CharField(source="register.code")
    subject = serializers.CharField()
    sender = serializers.CharField(help_text="Name and organisation; empty where unknown.")
    kind = serializers.CharField(source="kind.code", allow_null=True)
    department = serializers.CharField(source="department.code", allow_null=True)
    channel = serializers.ChoiceField(Channel.choices)
    stage = serializers.ChoiceField(Stage.choices)
    language = serializers.CharField()
    confidentiality = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)

    def show_sender(self, letter: Letter) -> str:
        """Return the sender's name and organisation."""
        return letter.sender.shown_name if letter.sender else ""


class LetterPage(PageShape):
    """One page of letters, newest first. `next_cursor` is empty on the last page."""

    letters = LetterRow(source="rows", many=True)


class ReceiptOut(Shape):
    """The registration receipt; `drawn` says whether its PDF exists."""

    issued_at = serializers.DateTimeField()
    drawn = serializers.BooleanField()

    def show_drawn(self, receipt: Receipt) -> bool:
        """Return whether the office's copy exists."""
        return receipt.office_file_id is not None


class LetterOut(LetterRow):
    """A letter with everything that belongs to it."""

    document_date = serializers.DateField(allow_null=True)
    external_reference = serializers.CharField()
    due_explained = serializers.JSONField(help_text="Why the letter is due on that day.")
    version = serializers.IntegerField(help_text="Grows with every change.")
    parties = PartyOut(many=True)
    documents = FileOut(many=True)
    assignments = AssignmentOut(many=True)
    suggestions = SuggestionOut(many=True)
    replies = ReplyOut(many=True)
    void_requests = VoidRequestOut(many=True)
    same = SameOut(many=True)
    receipt = ReceiptOut(allow_null=True)
    outcome = OutcomeOut(allow_null=True, help_text="Null where none is recorded.")
    actions = serializers.ListField(
        child=serializers.CharField(), help_text="The verbs that are yours to do now."
    )

    def show_documents(self, letter: Letter) -> QuerySet[Document]:
        """Return the documents with their files."""
        return letter.documents.select_related("file__warning")

    def show_assignments(self, letter: Letter) -> QuerySet[Assignment]:
        """Return the assignments, the oldest first."""
        rows: QuerySet[Assignment] = letter.assignments.select_related("department", "person")
        return rows.order_by("assigned_at")

    def show_suggestions(self, letter: Letter) -> QuerySet[Suggestion]:
        """Return the suggestions that stand."""
        rows: QuerySet[Suggestion] = letter.suggestions.filter(current=True)
        return rows

    def show_replies(self, letter: Letter) -> list[Reply]:
        """Return the replies; their registered letters only for those who may read them."""
        rows = list(replies_of(letter).order_by("created_at"))
        registered = [row.outgoing_id for row in rows if row.outgoing_id]
        readable = readable_among(registered, self.context["viewer"])
        for row in rows:
            if row.outgoing_id not in readable:
                row.outgoing = None
        return rows

    def show_void_requests(self, letter: Letter) -> QuerySet[VoidRequest]:
        """Return the requests to void, the oldest first."""
        rows: QuerySet[VoidRequest] = letter.void_requests.select_related("asked_by", "decided_by")
        return rows.order_by("asked_at")

    def show_same(self, letter: Letter) -> list[Near]:
        """Return the related letters that the viewer may read."""
        return near_to(letter, self.context["viewer"])

    def show_receipt(self, letter: Letter) -> Receipt | None:
        """Return the registration receipt."""
        return letter.receipts.filter(kind=Receipt.Kind.REGISTRATION).first()

    def show_outcome(self, letter: Letter) -> Outcome | None:
        """Return the outcome that stands."""
        return outcome_of(letter)

    def show_actions(self, letter: Letter) -> list[str]:
        """Return the viewer's verbs."""
        return sorted(actions_for(self.context["viewer"], letter))


class EventOut(Shape):
    """One line of a letter's history, chained to the one before it by its hash."""

    actor = serializers.CharField(source="actor.username", allow_null=True)
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    visibility = serializers.ChoiceField(["citizen", "staff"])
    data = serializers.JSONField()  # type: ignore[assignment]
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class EventsOut(Shape):
    """A letter's history, oldest first."""

    events = EventOut(many=True)


class PageText(Shape):
    """The text read on one page."""

    number = serializers.IntegerField()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="text (it was there), ocr (it was read), person (corrected or typed), none."
    )
    language = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    text = serializers.CharField()


class DocumentText(Shape):
    """The text read from one document."""

    document = serializers.UUIDField(source="document_id")
    title = serializers.CharField(source="document.title")
    language = serializers.CharField()
    engine = serializers.CharField()
    problem = serializers.CharField()
    pages = PageText(many=True)

    def show_pages(self, reading: DocumentReading) -> Iterator[dict[str, Any]]:
        """Return all pages in order, fetched some at a time."""
        return whole_pages(reading)


class TextOut(Shape):
    """The text read from a letter; documents not yet read are missing."""

    documents = DocumentText(many=True)
