"""Request shapes of the API's actions, for checks and schema."""

from rest_framework import serializers

from correspondence.models.dispatch import Dispatch
from jobs.models import Job
from registry.models.duplicates import LINK_KINDS
from routing.models.assignments import Assignment
from routing.models.closing import Outcome
from search.contract import SENDER_STATES
from web.api.listing import Listed, both_ways
from web.api.shape import Shape, optional_text


class AssignIn(Shape):
    """The recipient of an assignment."""

    department = serializers.CharField(help_text="Code of the department.")
    role = serializers.ChoiceField(Assignment.Role.choices, default=Assignment.Role.ACTION)
    person = serializers.CharField(required=False, default="", allow_blank=True)
    note = optional_text(500)


class ReasonIn(Shape):
    """The reason."""

    reason = serializers.CharField(max_length=500)


class LinkIn(Shape):
    """How a letter and another belong together; the kind is said of the later one."""

    other = serializers.CharField(max_length=60, help_text="Id or registry number.")
    kind = serializers.ChoiceField(LINK_KINDS)


class TransferIn(ReasonIn):
    """The new recipient, and the reason."""

    department = serializers.CharField(help_text="Code of the department.")


class SignOffIn(Shape):
    """How the matter was settled."""

    method = serializers.ChoiceField(Assignment.Method.choices)
    outcome = serializers.ChoiceField(
        Outcome.Value.choices,
        required=False,
        default="",
        allow_blank=True,
        help_text="In whose favour; needed where a complaint is closed with an answer.",
    )


class OutcomeIn(Shape):
    """In whose favour a closed letter was decided; a correction needs its reason."""

    outcome = serializers.ChoiceField(Outcome.Value.choices)
    reason = optional_text(500)


class ReplyIn(Shape):
    """A reply: text, a file, or both."""

    subject = optional_text(500)
    body = optional_text(100_000)
    file = serializers.FileField(required=False, default=None, allow_empty_file=True)


class ReplyDraftIn(ReplyIn):
    """A reply's beginning; a template gives text or file where no text is sent."""

    template = serializers.IntegerField(required=False, allow_null=True, default=None)


class ReplyEditIn(ReplyIn):
    """New text for a draft; a new file replaces the old one."""

    drop_file = serializers.BooleanField(required=False, default=False)


class RemarkIn(Shape):
    """What was done about it."""

    remark = serializers.CharField(max_length=500)


class SendIn(Shape):
    """How the reply leaves."""

    method = serializers.ChoiceField(Dispatch.Method.choices)
    address = optional_text(400)


class CorrectionIn(Shape):
    """The facts as corrected by a person; what is not given stays as it is.

    A value equal to a suggestion accepts it, another one corrects it.
    """

    kind = serializers.CharField(required=False, max_length=40)
    department = serializers.CharField(required=False, max_length=12)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=500)
    sender = serializers.CharField(required=False, max_length=200)
    document_date = serializers.DateField(required=False)
    external_reference = serializers.CharField(required=False, allow_blank=True, max_length=120)


class SearchAsked(Shape):
    """A search. Each filter may be given several times; one of its values must fit."""

    q = optional_text(1000)
    order = serializers.ChoiceField(["relevance", "newest"], required=False, default="relevance")
    after = serializers.DateTimeField(required=False)
    before = serializers.DateTimeField(required=False)
    overdue = serializers.BooleanField(required=False, default=False)
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=100)
    cursor = serializers.CharField(required=False, default="", allow_blank=True)
    register = serializers.ListField(child=serializers.CharField(), required=False)
    direction = serializers.ListField(child=serializers.CharField(), required=False)
    kind = serializers.ListField(child=serializers.CharField(), required=False)
    department = serializers.ListField(child=serializers.CharField(), required=False)
    stage = serializers.ListField(child=serializers.CharField(), required=False)
    channel = serializers.ListField(child=serializers.CharField(), required=False)
    language = serializers.ListField(child=serializers.CharField(), required=False)
    year = serializers.ListField(child=serializers.CharField(), required=False)
    month = serializers.ListField(
        child=serializers.RegexField(r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
        required=False,
        help_text="As 2026-03.",
    )
    sender_state = serializers.ListField(
        child=serializers.ChoiceField(SENDER_STATES),
        required=False,
        help_text="Whether a person has said who sent it, the office only proposes it, or neither.",
    )


class JobsAsked(Listed):
    """The filter of a list of jobs."""

    ORDERS = both_ways("-id", "-id")

    state = serializers.ChoiceField(Job.State.choices, required=False)
    kind = serializers.CharField(required=False)


class TokenIn(Shape):
    """The person's own log-in."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)
