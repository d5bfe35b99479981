"""The office's rules over the API: seen, written, put in order, and tried on past letters."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from org.models import User
from routing.models import RoutingRule, RuleTrial, TrialLetter
from routing.rule_editing import change_rule, create_rule, may_see_rules, order_rules
from routing.rule_fields import FIELDS
from routing.rule_format import BadRuleError, plain_rule
from routing.rule_reading import Counters, counters, listed_rules, trial_letters
from routing.rule_trials import MOST_LETTERS, ask_trial
from web.api.access import caller
from web.api.view import ApiView, asked, checked, one, told
from web.desk.paging import page_of

Shape = serializers.Serializer[Any]


class MaySeeRules(BasePermission):
    """Administrators, auditors, the director; only the first may write (routing says so)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By the duty that the person has now; no query of its own."""
        return isinstance(request.user, User) and may_see_rules(request.user)


class ConditionIn(Shape):
    """One condition. What `value` is depends on `field`; each line of words or codes is one."""

    field = serializers.ChoiceField(sorted(FIELDS))
    value = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)
    negated = serializers.BooleanField(required=False, default=False)


class RuleContent(Shape):
    """What a rule asks and gives. Departments and kinds are codes, a person is a user name."""

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
    """What is to be different. `version` is the one that you saw: 409 when it has grown."""

    version = serializers.IntegerField(min_value=1)


class RuleOut(RuleContent):
    """A rule as it stands. The counters are of the last 30 days."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    version = serializers.IntegerField()
    matched = serializers.IntegerField(help_text="Letters in whose decision it took part.")
    kept = serializers.IntegerField(help_text="Of these, still with its department.")
    corrected = serializers.IntegerField(help_text="Of these, now with another.")
    failures = serializers.IntegerField(help_text="How often it could not be asked.")
    last_failure = serializers.CharField(help_text="condition:error; never words of a letter.")


class RulesOut(Shape):
    """All rules in their order; an office has at most 200."""

    rules = RuleOut(many=True)


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


class TrialAsked(Shape):
    """Which page of its letters."""

    verdict = serializers.ChoiceField(TrialLetter.Verdict.values, required=False)
    cursor = serializers.CharField(required=False)
    limit = serializers.IntegerField(required=False, default=30, min_value=1, max_value=100)


class TrialLetterOut(Shape):
    """A letter that the draft fits or that would change; codes of departments, "" for none."""

    letter = serializers.UUIDField()
    number = serializers.CharField()
    verdict = serializers.ChoiceField(TrialLetter.Verdict.values)
    matched = serializers.BooleanField()
    before = serializers.CharField()
    before_automatic = serializers.BooleanField()
    after = serializers.CharField()
    after_automatic = serializers.BooleanField()
    sent = serializers.CharField(help_text="Where people really sent it.")
    reasons = serializers.ListField(child=serializers.CharField())


class RuleTrialOut(Shape):
    """A dry run. `letters` are those that are yours to read; figures count all that were tried."""

    id = serializers.UUIDField()
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    figures = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField(help_text="Why the draft could not be asked for some letters.")
    letters = TrialLetterOut(many=True)
    next_cursor = serializers.CharField()


_COLUMNS: Final = ("id", "position", "version", "failures", "last_failure")


def _rule(rule: RoutingRule, counted: Counters) -> dict[str, Any]:
    figures = {name: getattr(counted, name) for name in ("matched", "kept", "corrected")}
    return {**plain_rule(rule), **{name: getattr(rule, name) for name in _COLUMNS}, **figures}


def _fresh(rule_id: int) -> dict[str, Any]:
    rule = one(listed_rules().filter(pk=rule_id))
    return _rule(rule, counters().get(rule.pk, Counters()))


def _wrong(error: BadRuleError) -> ValidationError:
    return ValidationError(error.fields)


class RulesView(ApiView):
    """All rules, and new ones."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @extend_schema(operation_id="list_rules", responses=told(RulesOut, 403))
    def get(self, request: Request) -> Response:
        """All rules in the order in which letters are asked."""
        counted = counters()
        rules = [_rule(rule, counted.get(rule.pk, Counters())) for rule in listed_rules()]
        return Response({"rules": rules})

    @extend_schema(
        operation_id="create_rule",
        request=RuleIn,
        responses=told(RuleOut, 400, 403, status=201),
    )
    def post(self, request: Request) -> Response:
        """Write a new rule. For administrators."""
        given = checked(RuleIn, request)
        place = given.pop("place", None)
        try:
            rule = create_rule(actor=caller(request), given=given, place=place)
        except BadRuleError as error:
            raise _wrong(error) from error
        return Response(_fresh(rule.pk), status=201)


class RuleView(ApiView):
    """One rule."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @extend_schema(operation_id="get_rule", responses=told(RuleOut, 403, 404))
    def get(self, request: Request, rule_id: int) -> Response:
        """The rule as it stands."""
        return Response(_fresh(rule_id))

    @extend_schema(
        operation_id="change_rule",
        request=RulePatchIn,
        responses=told(RuleOut, 400, 403, 404, 409),
    )
    def patch(self, request: Request, rule_id: int) -> Response:
        """Change what is given and leave the rest. For administrators."""
        rule = one(listed_rules().filter(pk=rule_id))
        shape = RulePatchIn(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        if "version" not in shape.validated_data:
            raise ValidationError({"version": [shape.fields["version"].error_messages["required"]]})
        given = dict(shape.validated_data)
        version, place = given.pop("version"), given.pop("place", None)
        try:
            change_rule(
                rule.pk,
                actor=caller(request),
                version=version,
                given={**plain_rule(rule), **given},
                place=place,
            )
        except BadRuleError as error:
            raise _wrong(error) from error
        return Response(_fresh(rule_id))


class RuleOrderView(ApiView):
    """The order."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @extend_schema(
        operation_id="order_rules",
        request=RuleOrderIn,
        responses=told(RulesOut, 400, 403, 409),
    )
    def put(self, request: Request) -> Response:
        """Put all rules into this order at once; 409 unless these are all that there are."""
        order_rules(checked(RuleOrderIn, request)["rules"], actor=caller(request))
        return RulesView().get(request)


class RuleTrialsView(ApiView):
    """Dry runs."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @extend_schema(
        operation_id="try_rules",
        request=RuleTrialIn,
        responses=told(RuleTrialOut, 400, 403, 404, 409, status=201),
    )
    def post(self, request: Request) -> Response:
        """Try a draft or an order on past letters; nothing is changed. Many letters take a job:
        ask again until `finished_at` is there. For administrators."""
        given = checked(RuleTrialIn, request)
        draft, order = given.get("draft"), given["order"]
        if draft is None and not order:
            raise ValidationError({"draft": [_required()]})
        rule_id = given.get("rule")
        rule = one(listed_rules().filter(pk=rule_id)) if rule_id is not None else None
        try:
            trial = ask_trial(
                actor=caller(request),
                given=draft,
                rule=rule,
                version=rule.version if rule else 0,
                place=given.get("place"),
                order=order,
                newest=given["newest"],
                since=given["since"],
                until=given["until"],
            )
        except BadRuleError as error:
            raise _wrong(error) from error
        return Response(_trial(trial, request, {"limit": 30}), status=201)


class RuleTrialView(ApiView):
    """One dry run."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @extend_schema(
        operation_id="get_rule_trial",
        parameters=[TrialAsked],
        responses=told(RuleTrialOut, 400, 403, 404),
    )
    def get(self, request: Request, trial_id: UUID) -> Response:
        """Its figures and a page of its letters."""
        trial = RuleTrial.objects.filter(pk=trial_id).first()
        if trial is None:
            raise Http404
        return Response(_trial(trial, request, asked(TrialAsked, request)))


def _required() -> str:
    return str(serializers.Field.default_error_messages["required"])


def _trial(trial: RuleTrial, request: Request, given: dict[str, Any]) -> dict[str, Any]:
    rows = trial_letters(trial, viewer=caller(request))
    if verdict := given.get("verdict"):
        rows = rows.filter(verdict=verdict)
    page = page_of(rows, order=["id"], cursor=given.get("cursor", ""), limit=given["limit"])
    names = (
        *("verdict", "matched", "before", "before_automatic", "after", "after_automatic"),
        *("sent", "reasons"),
    )
    return {
        "id": trial.pk,
        "asked_at": trial.asked_at,
        "finished_at": trial.finished_at,
        "figures": {k: v for k, v in trial.summary.items() if isinstance(v, int)},
        "error": trial.summary.get("error", ""),
        "letters": [
            {
                "letter": row.letter_id,
                "number": row.letter.number,
                **{name: getattr(row, name) for name in names},
            }
            for row in page.rows
        ],
        "next_cursor": page.next_cursor,
    }
