"""The office's rules over the API: list, write, order, and try on past letters."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from routing.models.rules import RoutingRule, RuleTrial
from routing.rules.editing import change_rule, create_rule, may_see_rules, order_rules
from routing.rules.format import BadRuleError, plain_rule
from routing.rules.reading import Counters, counters, listed_rules, trial_letters
from routing.rules.trials import request_trial
from web.api.access import allowed, caller
from web.api.etags import ETAG, IF_MATCH, need_match, tag_of, tag_of_words, tagged
from web.api.listing import listed
from web.api.rule_shapes import (
    RuleIn,
    RuleOrderIn,
    RuleOut,
    RulePatchIn,
    RulesAsked,
    RulesOut,
    RuleTrialIn,
    RuleTrialOut,
    TrialAsked,
)
from web.api.shape import shown
from web.api.view import ApiView, checked, get_or_404, operation, validated_query

MaySeeRules: Final = allowed(may_see_rules)  # routing lets only administrators write


def _rule(rule: RoutingRule, counted: Counters) -> dict[str, Any]:
    return {**plain_rule(rule), "rule": rule, "counted": counted}


def _fresh(rule_id: int, *, status: int = 200) -> Response:
    rule = get_or_404(listed_rules().filter(pk=rule_id))
    answer = shown(RuleOut, _rule(rule, counters().get(rule.pk, Counters())), status=status)
    return tagged(answer, tag_of(rule))


def _listed(given: dict[str, Any]) -> Response:
    counted, page = counters(), listed(listed_rules(), RulesAsked, given)
    rules = [_rule(rule, counted.get(rule.pk, Counters())) for rule in page.rows]
    answer = shown(RulesOut, {"rows": rules, "next_cursor": page.next_cursor})
    return tagged(answer, _order())


def _order() -> str:
    """Return the tag of all rules in their order."""
    return tag_of_words(*listed_rules().values_list("pk", "version"))


def _wrong(error: BadRuleError) -> ValidationError:
    return ValidationError(error.fields)


class RulesView(ApiView):
    """All rules, and new ones."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @operation("list_rules", RulesOut, 400, 403, asks=[RulesAsked, ETAG])
    def get(self, request: Request) -> Response:
        """List all rules in the order in which they are applied."""
        return _listed(validated_query(RulesAsked, request))

    @operation("create_rule", RuleOut, 400, 403, takes=RuleIn, status=201)
    def post(self, request: Request) -> Response:
        """Write a new rule. For administrators."""
        given = checked(RuleIn, request)
        place = given.pop("place", None)
        try:
            rule = create_rule(actor=caller(request), given=given, place=place)
        except BadRuleError as error:
            raise _wrong(error) from error
        return _fresh(rule.pk, status=201)


class RuleView(ApiView):
    """One rule."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @operation("get_rule", RuleOut, 403, 404, asks=[ETAG])
    def get(self, request: Request, rule_id: int) -> Response:
        """Return the rule as it stands."""
        return _fresh(rule_id)

    @operation("change_rule", RuleOut, 400, 403, 404, 409, asks=[IF_MATCH, ETAG], takes=RulePatchIn)
    def patch(self, request: Request, rule_id: int) -> Response:
        """Change what is given and leave the rest. For administrators."""
        rule = get_or_404(listed_rules().filter(pk=rule_id))
        given = checked(RulePatchIn, request, partial=True)
        if "version" not in given:
            raise ValidationError({"version": [_required()]})
        need_match(request, tag_of(rule))  # the version is compared once more under the lock
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
        return _fresh(rule_id)


class RuleOrderView(ApiView):
    """Order of the rules."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @operation("order_rules", RulesOut, 400, 403, 409, asks=[IF_MATCH, ETAG], takes=RuleOrderIn)
    def put(self, request: Request) -> Response:
        """Put all rules into this order at once; 409 unless these are all that there are."""
        given = checked(RuleOrderIn, request)
        need_match(request, _order())
        order_rules(given["rules"], actor=caller(request))
        return _listed({"order": "position", "limit": 200})


class RuleTrialsView(ApiView):
    """Dry runs."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @operation("try_rules", RuleTrialOut, 400, 403, 404, 409, takes=RuleTrialIn, status=201)
    def post(self, request: Request) -> Response:
        """Try a draft or an order on past letters; nothing is changed. For administrators.

        Many letters take a job: ask again until `finished_at` is there.
        """
        given = checked(RuleTrialIn, request)
        draft, order = given.get("draft"), given["order"]
        if draft is None and not order:
            raise ValidationError({"draft": [_required()]})
        rule_id = given.get("rule")
        rule = get_or_404(listed_rules().filter(pk=rule_id)) if rule_id is not None else None
        try:
            trial = request_trial(
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
        return _trial(trial, request, {"order": "id", "limit": 30}, status=201)


class RuleTrialView(ApiView):
    """One dry run."""

    permission_classes = [IsAuthenticated, MaySeeRules]

    @operation("get_rule_trial", RuleTrialOut, 400, 403, 404, asks=[TrialAsked])
    def get(self, request: Request, trial_id: UUID) -> Response:
        """Return its figures and a page of its letters."""
        trial = RuleTrial.objects.filter(pk=trial_id).first()
        if trial is None:
            raise Http404
        return _trial(trial, request, validated_query(TrialAsked, request))


def _required() -> str:
    return str(serializers.Field.default_error_messages["required"])


def _trial(
    trial: RuleTrial, request: Request, given: dict[str, Any], *, status: int = 200
) -> Response:
    rows = trial_letters(trial, viewer=caller(request))
    if verdict := given.get("verdict"):
        rows = rows.filter(verdict=verdict)
    page = listed(rows, TrialAsked, given)
    return shown(RuleTrialOut, {"trial": trial, "page": page}, status=status)
