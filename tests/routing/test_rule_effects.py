"""What automatic rules do to a letter, what they only propose, and that none holds it up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from jobs.models import Job
from jobs.outbox import enqueue
from org.models import User
from registry.access import get_letter
from registry.book.voiding import approve_void, ask_to_void
from registry.changes import history_of
from registry.kinds import RegistryJob
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments, reading
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.rules import RoutingRule, RuleMatch
from routing.models.suggestions import Suggestion
from routing.rules import deciding
from routing.rules.editing import create_rule
from routing.rules.facts import facts_of
from routing.rules.reading import counters
from tests.factories import department, deposit, drain, text_file

pytestmark = pytest.mark.django_db


def make(title: str, field: str, value: str = "", **given: Any) -> RoutingRule:
    conditions = [{"field": field, "value": value}]
    given = {"automatic": True, **given}
    return create_rule(actor=None, given={"title": title, "conditions": conditions, **given})


def route(letter: Letter) -> Letter:
    key = str(letter.pk)
    deciding.save_route(key, deciding.route_letter_work(key, lambda _done, _total: None))
    return Letter.objects.get(pk=letter.pk)


def test_kind_level_copies_and_person_are_given_with_their_rules(
    rules: None, dounia: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    make(
        *("Huissier", "words", "huissier"),
        copies=["DG", "EAU"],
        gives_kind="legal_notice",
        confidentiality=1,
        go_on=True,
    )
    make("Fuite", "words", "fuite", department="EAU", person="dounia")
    RoutingRule.objects.filter(title__in=["Huissier", "Fuite"]).update(position=1)
    letter = route(deposit(subject="Fuite constatée par huissier").letter)
    assert (letter.kind.code, letter.confidentiality) == ("legal_notice", 1)  # type: ignore[union-attr]
    assert letter.due_on is not None
    given = Assignment.objects.filter(letter=letter).order_by("role")
    assert [(row.role, row.department.code, row.person) for row in given] == [
        ("action", "EAU", dounia), ("copy", "DG", None),
    ]  # fmt: skip
    applied, assigned, copied = history_of(letter.pk)[-3:]
    assert (applied.kind, applied.data["rule"]) == ("rule_applied", "Huissier")
    assert (assigned.data["rule"], assigned.data["reasons"]) == ("Fuite", ["words:fuite"])
    assert (copied.data["rule"], copied.data["rule_version"]) == ("Huissier", 1)
    assert RuleMatch.objects.filter(letter=letter).count() == 2
    register_is_clean()


@pytest.mark.parametrize("automatic", [True, False])
def test_a_letter_voided_meanwhile_is_neither_given_nor_proposed(
    amina: User, direction: User, automatic: bool
) -> None:
    make("Fuite", "words", "fuite", department="EAU", automatic=automatic)
    letter = deposit(subject="Fuite", actor=amina).letter
    approve_void(ask_to_void(letter, actor=amina, reason="Deux fois"), actor=direction)
    before = len(history_of(letter.pk))
    route(letter)
    assert not Assignment.objects.filter(letter=letter).exists()
    assert len(history_of(letter.pk)) == before
    assert not Suggestion.objects.filter(letter=letter).exists()


def test_a_person_who_may_not_read_the_letter_is_not_put_in_charge(badr: User) -> None:
    make("Fuite", "words", "fuite", department="EAU", person="badr", confidentiality=2)
    letter = route(deposit(subject="Fuite").letter)
    assert Assignment.objects.get(letter=letter).person is None


def test_what_a_person_said_of_the_letter_stays(amina: User) -> None:
    from tests.factories import kind

    make("Fuite", "words", "fuite", department="EAU", gives_kind="reminder", copies=["COM"])
    letter = deposit(
        actor=amina, subject="Fuite", kind=kind("enquiry"), department=department("ASS")
    ).letter
    letter = route(letter)
    assert letter.kind == kind("enquiry")
    given = Assignment.objects.filter(letter=letter).order_by("role")
    assert [(row.role, row.department.code) for row in given] == [
        ("action", "ASS"),
        ("copy", "COM"),
    ]


def test_a_rule_that_only_proposes_proposes_department_and_kind(
    amina: User, register_is_clean: Callable[[], None]
) -> None:
    make("Fuite", "words", "fuite", department="EAU", gives_kind="reminder", automatic=False)
    letter = route(deposit(subject="Fuite").letter)
    assert letter.kind is None
    rows = Suggestion.objects.filter(letter=letter).order_by("field")
    assert [(row.field, row.value, row.reasons) for row in rows] == [
        ("department", "EAU", ["office_rule:Fuite", "words:fuite"]),
        ("kind", "reminder", ["office_rule:Fuite", "words:fuite"]),
    ]
    register_is_clean()


def test_a_reminder_goes_to_the_department_that_has_the_letter(amina: User) -> None:
    make("Rappel", "quoted_number", same_department=True)
    first = deposit(actor=amina).letter
    giving.assign(first, department=department("ASS"), actor=amina)
    key = f"{first.year}/IN/{first.serial}"
    second = deposit().letter
    Suggestion.objects.create(letter=second, field="quoted_number", value=key, score=0.9)
    route(second)
    assert Assignment.objects.get(letter=second).department == department("ASS")


def test_a_rule_that_raises_is_counted_and_the_letter_is_registered_and_routed(
    register_is_clean: Callable[[], None],
) -> None:
    for title, conditions in (
        ("Unbekannt", [{"field": "nothing", "value": "x"}]),
        ("Endlos", [{"field": "words", "value": "a b\n" * 300_000}]),
        ("Kaputt", [None]),
    ):
        rule = make(title, "words", "fuite", department="COM")
        RoutingRule.objects.filter(pk=rule.pk).update(conditions=conditions)
    make("Fuite", "words", "fuite", department="EAU")
    letter = deposit(subject="Fuite", files=[text_file("Une fuite chez M. Alaoui.")]).letter
    drain(RegistryJob.LETTER_READ)
    with transaction.atomic():
        enqueue(RoutingJob.LETTER_ROUTE, letter.pk)
    drain(RoutingJob.LETTER_ROUTE)
    assert not Job.objects.filter(kind=RoutingJob.LETTER_ROUTE).exclude(state="done").exists()
    assert Assignment.objects.get(letter=letter).department == department("EAU")
    told = dict(RoutingRule.objects.values_list("title", "last_failure"))
    assert told == {
        "Unbekannt": "nothing:BadConditionError",
        "Endlos": "words:TooMuchError",
        "Kaputt": ":TypeError",
        "Fuite": "",
    }
    assert set(RoutingRule.objects.values_list("failures", flat=True)) == {0, 1}
    register_is_clean()


def test_a_department_that_closed_meanwhile_leaves_the_letter_in_the_tray(amina: User) -> None:
    make("Fuite", "words", "fuite", department="EAU")
    letter = deposit(subject="Fuite").letter
    found = deciding.route_letter_work(str(letter.pk), lambda _done, _total: None)
    eau = department("EAU")
    eau.active = False
    eau.save()
    deciding.save_route(str(letter.pk), found)
    assert not Assignment.objects.exists()
    assert [waiting.pk for waiting in reading.tray(amina)] == [letter.pk]


def test_counters_tell_what_stayed_where_the_rule_sent_it(amina: User, badr: User) -> None:
    rule = make("Fuite", "words", "fuite", department="EAU")
    stayed = route(deposit(subject="Fuite a").letter)
    moved = route(deposit(subject="Fuite b").letter)
    assignments.transfer(
        Assignment.objects.get(letter=moved), actor=badr, department=department("ASS"), reason="x"
    )
    assert get_letter(badr, stayed.pk)
    found = counters()[rule.pk]
    assert (found.matched, found.kept, found.corrected, found.percent) == (2, 1, 1, 50)


def test_facts_of_letters_understood_before_all_facts_were_kept_are_read_from_the_text() -> None:
    text = "Objet : facture\nMonsieur, je conteste le montant de 4 250,00 DH de ma facture."
    letter = deposit(subject="", files=[text_file(text)]).letter
    drain(RegistryJob.LETTER_READ)
    [facts] = facts_of([Letter.objects.get(pk=letter.pk)]).values()
    assert facts.unread
    assert [amount for amount, _text in facts.amounts()] == [4250.0]
