"""Request and response shapes of rules, for checks and schema."""

from typing import Any

from rest_framework import serializers

from routing.models.rules import TrialLetter
from routing.rules.fields import FIELDS
from routing.rules.trials import MOST_LETTERS
from web.api.listing import Listed, both_ways
from web.api.shape import PageShape, Shape, optional_text


class ConditionIn(Shape):
    """One condition. What `value` is depends on `field`; each line of words or codes is one."""

    field = serializers.ChoiceField(sorted(FIELDS))
    value = optional_text(4000)
    negated = serializers.BooleanField(required=False, default=False)


class RuleContent(Shape):
    """A rule's conditions and results. Departments and kinds are codes, a person is a user name."""

    title = serializers.CharField(max_length=120)
    active = serializers.BooleanField(required=False, default=True)
    conditions = ConditionIn(many=True)
    department = serializers.CharField(required=False, default="", allow_blank=True)
    same_department = serializers.BooleanField(
        required=False, default=False, help_text="To the department of the letter that it quotes."
    )
    copies = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    gives_kind = serializers.CharField(required=False, default="", allow_blank=True)
    confidentiality = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2)
    person = serializers.CharField(required=False, default="", allow_blank=True)
    automatic = serializers.BooleanField(
        required=False, default=False, help_text="False: it only proposes."
    )
    go_on = serializers.BooleanField(
        required=False, default=False, help_text="The rules below are asked as well."
    )
    valid_from = serializers.CharField(required=False, default="", allow_blank=True)
    valid_until = serializers.CharField(required=False, default="", allow_blank=True)


class RuleIn(RuleContent):
    """A new rule; without a place it is the last one."""

    place = serializers.IntegerField(
        required=False, min_value=0, max_value=1000, help_text="In the order; 0 is the first."
    )


class RulePatchIn(RuleIn):
    """The changes. `version` is the one that you saw: 409 when it has grown."""

    version = serializers.IntegerField(min_value=1)


class RuleOut(RuleContent):
    """A rule as it stands. The counters are of the last 30 days."""

    id = serializers.IntegerField(source="rule.id")
    position = serializers.IntegerField(source="rule.position")
    version = serializers.IntegerField(source="rule.version")
    failures = serializers.IntegerField(
        source="rule.failures", help_text="How often it could not be asked."
    )
    last_failure = serializers.CharField(
        source="rule.last_failure", help_text="condition:error; never words of a letter."
    )
    matched = serializers.IntegerField(
        source="counted.matched", help_text="Letters in whose decision it took part."
    )
    kept = serializers.IntegerField(
        source="counted.kept", help_text="Of these, still with its department."
    )
    corrected = serializers.IntegerField(
        source="counted.corrected", help_text="Of these, now with another."
    )


class RulesAsked(Listed):
    """A page of rules; by default all, of which an office has at most 200."""

    ORDERS = both_ways("position", "position", "id")

    limit = serializers.IntegerField(required=False, default=200, min_value=1, max_value=200)


class RulesOut(PageShape):
    """Rules in their order. `next_cursor` is empty on the last page."""

    rules = RuleOut(source="rows", many=True)


class RuleOrderIn(Shape):
    """The ids of all rules, in their new order."""

    rules = serializers.ListField(child=serializers.IntegerField(), max_length=200)


class RuleTrialIn(Shape):
    """A dry run of a draft (of a rule, or a new one), of another order, or of both."""

    rule = serializers.IntegerField(required=False, help_text="Whose draft it is; none: a new one.")
    draft = RuleContent(required=False)
    place = serializers.IntegerField(required=False, min_value=0, max_value=1000)
    order = serializers.ListField(
        child=serializers.IntegerField(), required=False, default=list, max_length=200
    )
    newest = serializers.IntegerField(
        required=False, default=500, min_value=1, max_value=MOST_LETTERS
    )
    since = serializers.DateField(required=False, default=None, allow_null=True)
    until = serializers.DateField(required=False, default=None, allow_null=True)


class TrialAsked(Listed):
    """The requested page of letters."""

    ORDERS = both_ways("id", "id")

    verdict = serializers.ChoiceField(TrialLetter.Verdict.values, required=False)


class TrialLetterOut(Shape):
    """A letter that the draft matches or would change; codes of departments, "" for none."""

    letter = serializers.UUIDField(source="letter_id")
    number = serializers.CharField(source="letter.number")
    verdict = serializers.ChoiceField(TrialLetter.Verdict.values)
    matched = serializers.BooleanField()
    before = serializers.CharField()
    before_automatic = serializers.BooleanField()
    after = serializers.CharField()
    after_automatic = serializers.BooleanField()
    sent = serializers.CharField(help_text="Where people really sent it.")
    reasons = serializers.ListField(child=serializers.CharField())


class RuleTrialOut(Shape):
    """A dry run. `letters` are those that you may read; figures count all that were tried."""

    id = serializers.UUIDField(source="trial.id")
    asked_at = serializers.DateTimeField(source="trial.asked_at")
    finished_at = serializers.DateTimeField(source="trial.finished_at", allow_null=True)
    figures = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField(help_text="Why the draft could not be asked for some letters.")
    letters = TrialLetterOut(source="page.rows", many=True)
    next_cursor = serializers.CharField(source="page.next_cursor")

    def show_figures(self, row: dict[str, Any]) -> dict[str, int]:
        """Return the figures of all letters that were tried."""
        return {k: v for k, v in row["trial"].summary.items() if isinstance(v, int)}

    def show_error(self, row: dict[str, Any]) -> str:
        """Return the error of the draft."""
        return str(row["trial"].summary.get("error", ""))
