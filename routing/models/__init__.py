"""The tables of routing. All that happens to one letter is sealed in that letter's history."""

from routing.assigning.models import DistributionEntry, DistributionList
from routing.check.models import CheckClaim, CheckTiming
from routing.circuits.models import Circuit, CircuitStep, ReplyStep, SignaturePicture
from routing.clocks.models import ClockExtension, ClockStop, DeadlineRule, Reminder
from routing.closing.models import Outcome, Reopening, Satisfaction
from routing.custody.models import Custody
from routing.dispatch.models import Dispatch, PostingLine, PostingList
from routing.drafts.models import Addressee, AlsoAnswered, Mailing, MailingLine
from routing.figures.models import CountedMonth, MonthFigures
from routing.forms.models import ReplyTemplate, TemplateVersion
from routing.learning.models import ModelFile, ModelVersion
from routing.models.assignments import Assignment
from routing.models.suggestions import SCORES, Suggestion
from routing.notes.models import Mention, Note
from routing.opinions.models import Opinion
from routing.replies.models import Reply
from routing.rules.models import (
    RoutingRule,
    RuleChange,
    RuleMatch,
    RuleTrial,
    TrialLetter,
)

__all__ = [
    "SCORES",
    "Addressee",
    "AlsoAnswered",
    "Assignment",
    "CheckClaim",
    "CheckTiming",
    "Circuit",
    "CircuitStep",
    "ClockExtension",
    "ClockStop",
    "CountedMonth",
    "Custody",
    "DeadlineRule",
    "Dispatch",
    "DistributionEntry",
    "DistributionList",
    "Mailing",
    "MailingLine",
    "Mention",
    "ModelFile",
    "ModelVersion",
    "MonthFigures",
    "Note",
    "Opinion",
    "Outcome",
    "PostingLine",
    "PostingList",
    "Reminder",
    "Reopening",
    "Reply",
    "ReplyStep",
    "ReplyTemplate",
    "RoutingRule",
    "RuleChange",
    "RuleMatch",
    "RuleTrial",
    "Satisfaction",
    "SignaturePicture",
    "Suggestion",
    "TemplateVersion",
    "TrialLetter",
]
