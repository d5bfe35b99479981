"""A dry run says what would change for past letters, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.models.assignments import Assignment
from routing.models.rules import RoutingRule, RuleMatch
from routing.models.suggestions import Suggestion
from routing.rules import editing
from routing.rules import trials as rule_trials
from routing.rules.reading import trial_letters
from routing.rules.trials import keep_trial, request_trial
from tests.factories import department, deposit, drain, text_file

pytestmark = pytest.mark.django_db


def words(title: str = "Fuites", look_for: str = "fuite", **given: Any) -> dict[str, Any]:
    conditions = [{"field": "words", "value": look_for}]
    return {"title": title, "conditions": conditions, "department": "EAU", **given}


def letters(amina: User) -> list[Letter]:
    """Two leaks (one really for EAU, one for ASS), a bill (for COM), a leak that nobody sent."""
    found = []
    for subject, code in (
        ("Fuite rue A", "EAU"), ("Fuite rue B", "ASS"), ("Facture", "COM"), ("Fuite rue C", ""),
    ):  # fmt: skip
        letter = deposit(actor=amina, subject=subject).letter
        if code:
            giving.assign(letter, department=department(code), actor=amina)
        found.append(letter)
    return found


def test_a_draft_tells_what_it_fits_how_often_it_is_right_and_changes_nothing(
    amina: User, admin: User, direction: User, register_is_clean: Callable[[], None]
) -> None:
    letters(amina)
    counts = [model.objects.count() for model in (LetterEvent, Assignment, Suggestion, RuleMatch)]
    versions = list(Letter.objects.order_by("pk").values_list("version", "chain_head"))
    trial = request_trial(actor=admin, given=words(automatic=True))
    assert trial.finished_at is not None
    assert trial.summary == {
        "letters": 4, "matched": 3, "changed": 3, "better": 1, "other": 2, "right": 1, "wrong": 1,
        "unknown": 1, "automatic_before": 0, "automatic_after": 3,
    }  # fmt: skip
    rows = trial_letters(trial, viewer=direction)
    assert {(row.letter.subject, row.after, row.sent, row.verdict) for row in rows} == {
        ("Fuite rue A", "EAU", "EAU", "better"),
        ("Fuite rue B", "EAU", "ASS", "other"),
        ("Fuite rue C", "EAU", "", "other"),
    }
    assert rows[0].reasons == ["words:fuite"]
    assert not trial_letters(trial, viewer=admin)  # who administers reads no letters
    assert counts == [
        model.objects.count() for model in (LetterEvent, Assignment, Suggestion, RuleMatch)
    ]
    assert versions == list(Letter.objects.order_by("pk").values_list("version", "chain_head"))
    assert not RoutingRule.objects.exists()
    register_is_clean()


def test_a_change_is_told_against_what_the_rules_decide_today(amina: User, admin: User) -> None:
    letters(amina)
    rule = editing.create_rule(actor=admin, given=words(automatic=True))
    trial = request_trial(
        actor=admin, given=words(department="ASS", automatic=True), rule=rule, version=1
    )
    assert {k: trial.summary.get(k) for k in ("changed", "better", "worse", "matched")} == {
        "changed": 3, "better": 1, "worse": 1, "matched": 3,
    }  # fmt: skip
    off = request_trial(
        actor=admin, given=words(automatic=True, active=False), rule=rule, version=1
    )
    assert (off.summary["automatic_before"], off.summary["automatic_after"]) == (3, 0)
    same = request_trial(actor=admin, given=words(automatic=True), rule=rule, version=1)
    assert (same.summary["changed"], same.summary["matched"]) == (0, 3)


def test_another_order_is_tried_and_then_kept(amina: User, admin: User) -> None:
    letters(amina)
    first = editing.create_rule(actor=admin, given=words("a", automatic=True))
    second = editing.create_rule(actor=admin, given=words("b", department="ASS", automatic=True))
    trial = request_trial(actor=admin, order=[second.pk, first.pk])
    assert (trial.summary["changed"], trial.summary["better"], trial.summary["worse"]) == (3, 1, 1)
    keep_trial(trial, actor=admin)
    assert [rule.title for rule in RoutingRule.objects.all()] == ["b", "a"]


def test_what_was_tried_is_kept_unless_somebody_was_faster(admin: User) -> None:
    new = request_trial(actor=admin, given=words("neu"), place=0)
    rule = keep_trial(new, actor=admin)
    assert rule is not None
    assert (rule.title, rule.version) == ("neu", 1)
    trial = request_trial(actor=admin, given=words("x"), rule=rule, version=1)
    editing.switch_rule(rule.pk, actor=admin, version=1, on=False)
    with pytest.raises(ConflictError):
        keep_trial(trial, actor=admin)


def test_only_administrators_try_rules_and_letters_above_their_clearance_are_left_out(
    amina: User, admin: User, direction: User
) -> None:
    letters(amina)
    deposit(actor=amina, subject="Fuite secrète", confidentiality=2)
    trial = request_trial(actor=admin, given=words())
    assert trial.summary["letters"] == 4
    assert "Fuite secrète" not in {
        row.letter.subject for row in trial_letters(trial, viewer=direction)
    }
    with pytest.raises(NotAllowedError):
        request_trial(actor=direction, given=words())


def test_many_letters_are_tried_by_a_job(
    amina: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(amina)
    monkeypatch.setattr(rule_trials, "AT_ONCE", 2)
    trial = request_trial(actor=admin, given=words())
    assert trial.finished_at is None
    assert Job.objects.get(kind="rules.try").subject == str(trial.pk)
    drain("rules.try")
    trial.refresh_from_db()
    assert (trial.summary["letters"], trial.letters.count()) == (4, 3)


def test_the_newest_letters_of_a_span_are_tried(amina: User, admin: User) -> None:
    found = letters(amina)
    day = timezone.localdate(found[0].received_at)
    assert request_trial(actor=admin, given=words(), newest=2).summary["letters"] == 2
    span = request_trial(actor=admin, given=words(), since=day, until=day)
    assert span.summary["letters"] == 4
    assert request_trial(actor=admin, given=words(), until=day.replace(year=2000)).summary == {
        "letters": 0
    }


def test_more_letters_take_no_more_queries(amina: User, admin: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            request_trial(actor=admin, given=words())
        return len(caught)

    letters(amina)
    before = queries()
    for number in range(8):
        deposit(actor=amina, subject=f"Fuite {number}", files=[text_file()])
    assert queries() == before


def test_a_draft_that_fails_on_letters_says_so(amina: User, admin: User) -> None:
    letter = letters(amina)[0]
    Suggestion.objects.create(letter=letter, field="quoted_number", value="x", score=0.5)
    Suggestion.objects.filter(letter=letter).update(field="amount", value="Karim MAD")
    given = words(conditions=[{"field": "amount", "value": "10"}])
    trial = request_trial(actor=admin, given=given)
    assert (trial.summary["failed"], trial.summary["error"]) == (1, "amount:ValueError")
