"""Shapes of requests for services in the API, for staff."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from eservices.catalogue.publishing import definition_of
from eservices.requests.acting import Offered, actions_of
from eservices.requests.listing import is_late
from eservices.requests.messages import messages_of
from eservices.requests.models import Message, Outcome, Request, StageKind
from eservices.requests.needs import LONGEST, LONGEST_PIECES
from registry.models.documents import Document
from web.api.answers import FileOut
from web.api.shape import PageShape, Shape, optional_text

_IDEMPOTENT_STAGE = "The stage in which you saw the request: 409 where it has moved on since."


class RequestRow(Shape):
    """A request as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="letter.number")
    letter = serializers.UUIDField(source="letter_id")
    service = serializers.CharField(source="service.code")
    title = serializers.CharField()
    subject = serializers.CharField(source="letter.subject")
    sender = serializers.CharField(help_text="Name and organisation; empty where unknown.")
    department = serializers.CharField(source="letter.department.code", allow_null=True)
    stage = serializers.CharField()
    stage_words = serializers.CharField(help_text="As staff name it, in your language.")
    stage_kind = serializers.ChoiceField(StageKind.choices)
    stage_since = serializers.DateTimeField()
    stage_due_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(source="letter.due_on", allow_null=True)
    late = serializers.BooleanField()
    dangerous = serializers.BooleanField()
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def show_title(self, row: Request) -> str:
        """Return the service's title."""
        return definition_of(row.version).title.in_(self.context["language"])

    def show_sender(self, row: Request) -> str:
        """Return who asks."""
        sender = row.letter.sender
        return sender.shown_name if sender else ""

    def show_department(self, row: Request) -> str | None:
        """Return the code of the responsible department."""
        return row.letter.department.code if row.letter.department else None

    def show_stage_words(self, row: Request) -> str:
        """Return the stage in words."""
        stage = definition_of(row.version).stage(row.stage)
        return (stage.internal or stage.public).in_(self.context["language"])

    def show_late(self, row: Request) -> bool:
        """Return whether its stage or its letter is past its day."""
        return is_late(row)


class RequestPage(PageShape):
    """One page of requests, the latest first. `next_cursor` is empty on the last page."""

    requests = RequestRow(source="rows", many=True)


class ActionOut(Shape):
    """An action that you may take now; `blocked` says what stands in its way, else empty."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    to = serializers.CharField(help_text="The stage that it leads to.")
    needs = serializers.ListField(child=serializers.CharField())
    outcome = serializers.CharField()
    blocked = serializers.CharField()

    def show_label(self, offered: Offered) -> str:
        """Return its words."""
        return offered.label.in_(self.context["language"])


class MessageOut(Shape):
    """A message between office and citizen."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    from_citizen = serializers.BooleanField()
    author = serializers.CharField(source="author.username", allow_null=True)
    text = serializers.CharField()
    documents = serializers.ListField(child=serializers.UUIDField())

    def show_author(self, message: Message) -> str | None:
        """Return the user name of who wrote it for the office."""
        return message.author.username if message.author else None

    def show_documents(self, message: Message) -> list[UUID]:
        """Return the ids of the documents that came with it."""
        return [document.pk for document in message.documents.all()]


class ChildOut(Shape):
    """A request for a trade."""

    id = serializers.UUIDField()
    number = serializers.CharField(source="letter.number")
    trade = serializers.CharField()
    stage = serializers.CharField()
    outcome = serializers.CharField()


class RequestOut(RequestRow):
    """A request with its answers, papers, messages, children, and what you may do with it."""

    version = serializers.IntegerField(source="version.version")
    language = serializers.CharField()
    contract_number = serializers.CharField()
    answers = serializers.JSONField()
    trade = serializers.CharField()
    parent = serializers.CharField(
        source="parent.letter.number",  # type: ignore[assignment]  # a name of the framework's base
        allow_null=True,
        help_text="Number of the one it belongs to.",
    )
    documents = FileOut(many=True)
    messages = MessageOut(many=True)
    children = ChildOut(many=True)
    actions = ActionOut(many=True)

    def show_documents(self, row: Request) -> Any:
        """Return the documents of its letter."""
        return Document.objects.filter(letter=row.letter_id).select_related("file")

    def show_messages(self, row: Request) -> Any:
        """Return the messages, the oldest first."""
        return messages_of(row)[:200]

    def show_children(self, row: Request) -> Any:
        """Return the requests for trades."""
        rows = Request.objects.filter(parent=row.pk).select_related("letter")
        return rows.order_by("opened_at", "pk")[:50]

    def show_actions(self, row: Request) -> list[Offered]:
        """Return the caller's actions."""
        return actions_of(row, actor=self.context["viewer"])


class ActionIn(Shape):
    """What comes with an action; which of it is needed, the request's actions say."""

    comment = optional_text(
        LONGEST_PIECES,
        help_text=(
            f"{LONGEST} characters at most. Where pieces are missing their names, one a line, "
            f"together {LONGEST_PIECES} characters at most."
        ),
    )
    reason = optional_text(LONGEST)
    outcome = serializers.ChoiceField(
        ["", *Outcome.values], required=False, default="", help_text="Where it is needed."
    )
    stage = optional_text(40, help_text=_IDEMPOTENT_STAGE)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Each becomes a document."
    )


class MessageIn(Shape):
    """A message to the citizen, with files."""

    text = serializers.CharField(max_length=4000)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Each becomes a document."
    )
