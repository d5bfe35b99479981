"""Response shapes of the API: letters and what belongs to them, for answers and schema."""

from typing import Any

from rest_framework import serializers

from correspondence.models.replies import Reply
from correspondence.models.steps import SignatureLevel
from registry.models.duplicates import LINK_KINDS
from registry.models.letters import Channel, Party
from registry.states import Stage
from routing.models.closing import Outcome
from web.api.reply_shapes import StepOut

Shape = serializers.Serializer[Any]


class FileOut(Shape):
    """A document as stored in the vault."""

    id = serializers.UUIDField()
    position = serializers.IntegerField(help_text="From 1; the first is the letter itself.")
    role = serializers.ChoiceField(["main", "enclosure"])
    title = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    problem = serializers.CharField(help_text="Why it cannot be read; empty when it can.")


class SameOut(Shape):
    """A letter related to this one: proposed by the system, or linked by a person."""

    letter = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(LINK_KINDS)
    later = serializers.BooleanField(
        help_text="Whether the letter asked about is the later of the two; the kind is told of it."
    )
    score = serializers.FloatField(help_text="From 0 to 1; 1 where a person decided.")
    reasons = serializers.ListField(child=serializers.CharField())
    link = serializers.UUIDField(allow_null=True, help_text="Null while nobody decided.")
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class SameListOut(Shape):
    """The related letters, as far as the caller may read them."""

    same = SameOut(many=True)


class SameFileOut(Shape):
    """A letter that came with the very same file before."""

    letter = serializers.UUIDField()
    number = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class DepositOut(Shape):
    """The registered letter. The tracking code is the citizen's secret: give it to nobody else.

    It is returned at the deposit; repeating the key half an hour later gives "".
    """

    id = serializers.UUIDField()
    number = serializers.CharField()
    tracking_code = serializers.CharField()
    created = serializers.BooleanField(help_text="False: this key had registered it before.")
    files = FileOut(many=True)
    same_as = SameFileOut(many=True, help_text="Known at once, by the file alone.")


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
    register = serializers.CharField()
    subject = serializers.CharField()
    sender = serializers.CharField(help_text="Name and organisation; empty where unknown.")
    kind = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    channel = serializers.ChoiceField(Channel.choices)
    stage = serializers.ChoiceField(Stage.choices)
    language = serializers.CharField()
    confidentiality = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)


class LetterPage(Shape):
    """One page of letters, newest first. `next_cursor` is empty on the last page."""

    letters = LetterRow(many=True)
    next_cursor = serializers.CharField()


class AssignmentOut(Shape):
    """An assignment of a letter to a department."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField()
    department = serializers.CharField()
    role = serializers.ChoiceField(["action", "copy"])
    state = serializers.CharField()
    person = serializers.CharField(allow_null=True, help_text="User name.")
    due_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    method = serializers.CharField()
    assigned_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    signed_off_at = serializers.DateTimeField(allow_null=True)


class SuggestionOut(Shape):
    """The system's suggestion for a fact, its confidence, and the reasons."""

    id = serializers.UUIDField()
    field = serializers.CharField()
    value = serializers.CharField()
    score = serializers.FloatField(help_text="From 0 to 1.")
    sure = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]
    model_version = serializers.CharField()
    decision = serializers.ChoiceField(["pending", "accepted", "corrected"])


class ReplyOut(Shape):
    """A reply, from its draft to its dispatch."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField(
        allow_null=True, help_text="In whose history it stands; none for an own letter's draft."
    )
    state = serializers.CharField()
    author = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    file_name = serializers.CharField()
    remark = serializers.CharField()
    number = serializers.CharField(
        allow_null=True, help_text="Of the outgoing letter, once signed or sent."
    )
    outgoing = serializers.UUIDField(allow_null=True)
    signed_level = serializers.ChoiceField([("", ""), *SignatureLevel.choices])
    signed = serializers.BooleanField(help_text="Whether the signed paper is filed.")
    archive_level = serializers.ChoiceField(
        [("", ""), *Reply.Lasting.choices], help_text="How its file lasts; empty: not known yet."
    )
    archive_problem = serializers.CharField(
        help_text="Why its file was not made into PDF/A; with an empty level it waits for a choice."
    )
    archive_ways = serializers.ListField(
        child=serializers.CharField(), help_text="What may be chosen then, at `lasting`."
    )
    steps = StepOut(many=True)


class ReceiptOut(Shape):
    """The registration receipt; `drawn` says whether its PDF exists."""

    issued_at = serializers.DateTimeField()
    drawn = serializers.BooleanField()


class VoidRequestOut(Shape):
    """A request to void the letter."""

    id = serializers.UUIDField()
    letter = serializers.UUIDField()
    reason = serializers.CharField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    decision = serializers.ChoiceField(["pending", "approved", "refused"])
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    minute_number = serializers.CharField(allow_null=True)


class OutcomeOut(Shape):
    """In whose favour the matter was decided, who said so, and why it was corrected."""

    outcome = serializers.ChoiceField(Outcome.Value.choices)
    department = serializers.CharField(allow_null=True, help_text="Which signed off with it.")
    reason = serializers.CharField()
    recorded_by = serializers.CharField()
    recorded_at = serializers.DateTimeField()


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


class EventOut(Shape):
    """One line of a letter's history, chained to the one before it by its hash."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True)
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

    document = serializers.UUIDField()
    title = serializers.CharField()
    language = serializers.CharField()
    engine = serializers.CharField()
    problem = serializers.CharField()
    pages = PageText(many=True)


class TextOut(Shape):
    """The text read from a letter; documents not yet read are missing."""

    documents = DocumentText(many=True)


class RefusalOut(Shape):
    """One reason why a deposit was refused, and the file or field it is about."""

    code = serializers.CharField()
    name = serializers.CharField()
    message = serializers.CharField()


class ErrorBody(Shape):
    """A stable code, and a message in the caller's language."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField())
    )
    refusals = RefusalOut(many=True)


class ErrorOut(Shape):
    """The one shape of every error."""

    error = ErrorBody()
