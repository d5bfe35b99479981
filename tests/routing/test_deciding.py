"""A fresh letter goes where a rule or a sure machine sends it, else into the office's tray."""

from collections.abc import Callable

import pytest

from org.models import Holiday, User
from registry.access import get_letter
from registry.changes import history_of
from registry.models.letters import Letter
from routing.assigning import giving
from routing.clocks import due
from routing.inbox import assignments, reading
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule
from routing.models.rules import RoutingRule
from routing.models.suggestions import Suggestion
from routing.proposals.suggesting import save_understanding
from routing.rules import deciding
from routing.rules.defaults import load_defaults
from tests.factories import department, deposit, kind
from understanding.letters.understanding import Suggested, Understanding

pytestmark = pytest.mark.django_db


def believe(letter: Letter, code: str, *, sure: bool, score: float = 0.9) -> None:
    one = Suggested("department", code, score, ("words:fuite",), "classifier", sure)
    save_understanding(str(letter.pk), Understanding((one,), "m1"))


def route(letter: Letter) -> None:
    key = str(letter.pk)
    deciding.save_route(key, deciding.route_letter_work(key, lambda _done, _total: None))


def test_a_sure_machine_and_an_automatic_rule_give_the_letter_away(
    rules: None, letter: Letter, badr: User, register_is_clean: Callable[[], None]
) -> None:
    believe(letter, "EAU", sure=True)
    route(letter)
    given = Assignment.objects.get(letter=letter)
    assert (given.department, given.assigned_by) == (department("EAU"), None)
    assert get_letter(badr, letter.pk)
    event = history_of(letter.pk)[-1]
    assert (event.kind, event.actor, event.data["automatic"]) == ("assigned", None, True)
    assert event.data["reasons"] == ["score:0.90"]
    register_is_clean()


def test_an_unsure_machine_leaves_the_letter_in_the_tray_with_its_proposal(
    rules: None, letter: Letter, amina: User
) -> None:
    believe(letter, "EAU", sure=False, score=0.45)
    route(letter)
    assert not Assignment.objects.exists()
    [waiting] = reading.tray(amina)
    assert [row.value for row in waiting.suggestions.all()] == ["EAU"]


def test_what_concerns_the_management_is_only_proposed(
    rules: None, letter: Letter, amina: User, register_is_clean: Callable[[], None]
) -> None:
    believe(letter, "DG", sure=True)
    route(letter)
    assert not Assignment.objects.exists()
    row = Suggestion.objects.get(letter=letter)
    assert (row.source, row.reasons[0].startswith("office_rule:")) == ("office_rule", True)
    register_is_clean()


def test_public_danger_goes_before_what_the_machine_believes(rules: None) -> None:
    letter = deposit(subject="خطر: سلكٌ كهربائيّ ساقط قرب المدرسة").letter
    believe(letter, "COM", sure=True)
    route(letter)
    assert Assignment.objects.get(letter=letter).department == department("ELEC")


def test_a_kind_that_only_one_department_handles_goes_there(rules: None) -> None:
    letter = deposit(kind=kind("legal_notice")).letter
    route(letter)
    assert Assignment.objects.get(letter=letter).department == department("JUR")


def test_the_department_that_the_counter_chose_stands(rules: None, amina: User) -> None:
    letter = deposit(kind=kind("legal_notice"), department=department("SI"), actor=amina).letter
    route(letter)
    given = Assignment.objects.get(letter=letter)
    assert (given.department, given.assigned_by) == (department("SI"), amina)


def test_a_person_who_routed_meanwhile_is_not_contradicted(
    rules: None, letter: Letter, amina: User
) -> None:
    believe(letter, "EAU", sure=True)
    key = str(letter.pk)
    found = deciding.route_letter_work(key, lambda _done, _total: None)
    giving.assign(letter, department=department("SI"), actor=amina)
    deciding.save_route(key, found)
    assert [row.department.code for row in Assignment.objects.all()] == ["SI"]


def test_a_letter_that_a_department_refused_is_not_sent_back_by_the_machine(
    rules: None, letter: Letter, badr: User
) -> None:
    believe(letter, "EAU", sure=True)
    route(letter)
    given = Assignment.objects.get(letter=letter)
    assignments.refuse(given, actor=badr, reason="Pas pour nous")
    route(Letter.objects.get(pk=letter.pk))
    assert Assignment.objects.count() == 1


def test_loading_the_defaults_twice_keeps_what_an_administrator_changed() -> None:
    load_defaults()
    counts = RoutingRule.objects.count(), DeadlineRule.objects.count()
    DeadlineRule.objects.filter(kind__code="request").update(days=45)
    load_defaults()
    assert (RoutingRule.objects.count(), DeadlineRule.objects.count()) == counts
    assert DeadlineRule.objects.get(kind__code="request").days == 45


def test_a_new_holiday_moves_the_open_due_dates_and_says_so(
    rules: None, amina: User, admin: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    letter = deposit(kind=kind("enquiry")).letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    settled = deposit(kind=kind("enquiry")).letter
    given = giving.assign(settled, department=department("EAU"), actor=amina)
    assignments.sign_off(assignments.accept(given, actor=badr), actor=badr, method="phone")
    before = letter.due_on
    assert before is not None
    Holiday.objects.create(
        day=before, name_ar="عطلة استثنائية", name_fr="Congé exceptionnel", name_en="Day off"
    )
    assert due.recompute_due_dates(actor=admin) == 1
    letter = Letter.objects.get(pk=letter.pk)
    assert letter.due_on is not None
    assert letter.due_on > before
    assert "Congé exceptionnel" in letter.due_explained["fr"]
    assert history_of(letter.pk)[-1].kind == "due_changed"
    assert Assignment.objects.get(letter=letter).due_on == letter.due_on
    assert Letter.objects.get(pk=settled.pk).due_on == before
    assert due.recompute_due_dates(actor=admin) == 0
    register_is_clean()
