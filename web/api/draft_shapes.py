"""Shapes of drafts and mailings over the API: queries, requests and responses."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from correspondence.drafts.mailings import MOST
from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Addressee, Mailing, MailingLine
from correspondence.models.replies import Reply
from org.models import Level
from web.api.listing import Listed, both_ways
from web.api.reply_shapes import ReplyOut
from web.api.shape import PageShape, Shape, optional_text


class AddresseeIn(Shape):
    """The addressee; in an internal letter the department alone."""

    name = optional_text(200)
    organisation = optional_text(200)
    address = optional_text(400)
    email = optional_text(254)
    phone = optional_text(40)
    role = serializers.ChoiceField(Addressee.Role.choices, required=False, default="recipient")
    department = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Code, in an internal letter."
    )

    def show_department(self, to: Addressee) -> str:
        """Return the department's code."""
        return to.department.code if to.department else ""


class DraftIn(Shape):
    """A letter that the office writes of its own accord."""

    department = serializers.CharField(help_text="Code of the department that writes.")
    direction = serializers.ChoiceField(Reply.Direction.choices, required=False, default="out")
    subject = serializers.CharField(max_length=500)
    body = optional_text(100_000, help_text="Needed without a template.")
    template = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Gives text or file where no text is sent.",
    )
    addressees = AddresseeIn(many=True)
    confidentiality = serializers.ChoiceField(Level.choices, required=False, default=0)
    answer_by = serializers.DateField(required=False, allow_null=True, default=None)


class DraftsAsked(Listed):
    """The filter and page of a list of drafts."""

    ORDERS = both_ways("-changed_at", "-changed_at", "-id")

    state = serializers.CharField(required=False, max_length=9)
    changed_since = serializers.DateTimeField(required=False, help_text="At or after.")


class DraftOut(ReplyOut):
    """A reply, or a letter that the office writes of its own accord."""

    department = serializers.CharField(source="department.code")
    direction = serializers.ChoiceField(Reply.Direction.choices)
    confidentiality = serializers.IntegerField()
    also = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Further letters that it answers, as far as they are yours to read.",
    )
    addressees = AddresseeIn(many=True)

    def show_also(self, reply: Reply) -> list[UUID]:
        """Return what `context["further"]` names (`several.further_of`)."""
        return [letter.pk for letter in self.context["further"].get(reply.pk, [])]


class DraftPage(PageShape):
    """Drafts, the newest first."""

    drafts = DraftOut(source="rows", many=True)


class AlsoIn(Shape):
    """All the further letters that a reply answers."""

    letters = serializers.ListField(child=serializers.UUIDField(), max_length=20)


class MailingIn(Shape):
    """One text to many addressees: either the text (which may hold fields) or a template."""

    department = serializers.CharField(required=False, default="", allow_blank=True)
    letter = serializers.UUIDField(required=False, allow_null=True, default=None)
    subject = serializers.CharField(max_length=500)
    body = optional_text(100_000)
    template = serializers.IntegerField(required=False, allow_null=True, default=None)
    addressees = AddresseeIn(many=True)
    confidentiality = serializers.ChoiceField(Level.choices, required=False, default=0)

    def validate_addressees(self, rows: list[Any]) -> list[Any]:
        """Limit the number of addressees."""
        if not 1 <= len(rows) <= MOST:
            raise serializers.ValidationError(_("A mailing goes to 1 to 500 addressees."))
        return rows


class MailingLineOut(Shape):
    """One addressee, their reply, and why the last action did not succeed with it."""

    position = serializers.IntegerField()
    name = serializers.CharField(source="shown_name")
    reply = serializers.UUIDField(source="reply_id", allow_null=True)
    state = serializers.CharField(source="reply.state", allow_null=True)
    number = serializers.CharField(source="reply.outgoing.number", allow_null=True)
    problem = serializers.CharField()


class MailingOut(Shape):
    """A mailing; `doing` says what a job does with it now."""

    id = serializers.UUIDField()
    subject = serializers.CharField()
    department = serializers.CharField(source="department.code")
    letter = serializers.UUIDField(source="letter_id", allow_null=True)
    doing = serializers.CharField()
    lines = MailingLineOut(many=True)

    def show_lines(self, mailing: Mailing) -> QuerySet[MailingLine]:
        """Return the lines with their replies."""
        return mailing.lines.select_related("reply__outgoing")


class MailingDoIn(Shape):
    """The action on every reply of a mailing."""

    deed = serializers.ChoiceField(Mailing.Deed.choices)
    method = serializers.ChoiceField(Dispatch.Method.choices, required=False, default="email")
