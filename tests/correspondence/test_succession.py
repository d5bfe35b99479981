"""A closed department's letters, rules, circuits and lists go to its heir."""

from datetime import date
from typing import Any

import pytest

from correspondence.kinds import OutgoingJob
from correspondence.models.forms import ReplyTemplate
from correspondence.models.steps import Circuit, CircuitStep
from correspondence.succession import close_department, foresee_closing
from eservices.relations.callbacks import (
    CallbackData,
    TryData,
    ask_callback,
    log_try,
    open_of_unit,
)
from eservices.relations.teams import save_team
from eservices.requests.access import centre
from figures.models import Target
from figures.reports import order_report, orders_of
from figures.summing import FiguresFilter
from figures.targets import targets
from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.errors import BadOrganisationError
from org.models import OrgChange, User
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.assigning.giving import assign
from routing.inbox.assignments import accept
from routing.models.assignments import Assignment
from routing.models.clocks import DeadlineRule
from routing.models.distribution import DistributionEntry, DistributionList
from routing.models.rules import RoutingRule
from routing.rules.editing import create_rule
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db


def letters_of_eau(amina: User, badr: User) -> tuple[Letter, Letter]:
    """One open and one accepted."""
    one, two = deposit(actor=amina).letter, deposit(actor=amina).letter
    assign(one, department=department("EAU"), actor=amina)
    accept(assign(two, department=department("EAU"), actor=amina), actor=badr)
    return one, two


def test_closing_is_foreseen_and_then_done(admin: User, amina: User, badr: User) -> None:
    one, two = letters_of_eau(amina, badr)
    create_rule(
        actor=admin,
        given={"title": "Fuites", "words": "fuite", "department": "EAU", "copies": []},
    )
    Circuit.objects.create(name_ar="م", name_fr="C", name_en="C", department=department("EAU"))
    mailing = DistributionList.objects.create(name="Tous")
    for code in ("EAU", "ASS"):
        DistributionEntry.objects.create(list=mailing, department=department(code), role="copy")

    foreseen = foresee_closing(department("EAU"))
    close_department(department("EAU"), heir=department("ASS"), actor=admin)
    drain(OutgoingJob.DEPARTMENT_HAND_OVER)

    numbers = {name: number for name, (_label, number) in foreseen.items()}
    wanted = {"letters": 2, "people": 2, "circuits": 1, "lists": 1}
    assert {name: numbers[name] for name in wanted} == wanted
    assert numbers["rules"] >= 1
    for letter in (one, two):
        live = Assignment.objects.filter(letter=letter, state__in=["open", "accepted"])
        assert [row.department.code for row in live] == ["ASS"]
        assert Letter.objects.get(pk=letter.pk).department == department("ASS")
    assert RoutingRule.objects.get(title="Fuites").department == department("ASS")
    assert not RoutingRule.objects.filter(removed=False, department__code="EAU").exists()
    assert Circuit.objects.get(name_fr="C").department == department("ASS")
    assert mailing.entries.count() == 1
    assert Letter.objects.visible_to(badr).filter(pk__in=[one.pk, two.pk]).count() == 2
    assert list(verify_register()) == []


def test_what_the_heir_has_already_is_not_given_twice(admin: User, amina: User, badr: User) -> None:
    letter = deposit(actor=amina).letter
    for code in ("EAU", "ASS"):
        assign(letter, department=department(code), actor=amina)

    close_department(department("EAU"), heir=department("ASS"), actor=admin)
    drain(OutgoingJob.DEPARTMENT_HAND_OVER)

    live = Assignment.objects.filter(letter=letter, state__in=["open", "accepted"])
    assert [row.department.code for row in live] == ["ASS"]


def test_settled_letters_stay_readable_for_the_heirs_people(
    admin: User, amina: User, badr: User, chafik: User
) -> None:
    from routing.inbox.assignments import sign_off

    letter = deposit(actor=amina).letter
    row = assign(letter, department=department("EAU"), actor=amina)
    accept(row, actor=badr)
    sign_off(row, actor=badr, method="phone")
    assert not Letter.objects.visible_to(chafik).filter(pk=letter.pk).exists()

    close_department(department("EAU"), heir=department("SI"), actor=admin)
    drain(OutgoingJob.DEPARTMENT_HAND_OVER)

    assert Letter.objects.visible_to(person("chafik")).filter(pk=letter.pk).exists()
    assert Letter.objects.visible_to(person("badr")).filter(pk=letter.pk).exists()


def test_the_people_who_move_have_it_on_record(admin: User, badr: User) -> None:
    close_department(department("EAU"), heir=department("ASS"), actor=admin)
    change = OrgChange.objects.filter(noun=OrgChange.Noun.PERSON, key=badr.username).first()
    assert change is not None
    assert (change.actor, change.action) == (admin, "changed")
    assert "EAU" in change.before["departments"]
    assert set(change.after["departments"]) == {"ASS"}
    told = SecurityEvent.objects.filter(kind=SecurityKind.RIGHTS_CHANGED, subject=badr)
    assert [one.detail["change"] for one in told] == ["departments"]


def changed(noun: str, key: str) -> tuple[OrgChange, dict[str, tuple[Any, Any]]]:
    """Return the newest change of a row, and what differs: (before, after)."""
    change = OrgChange.objects.filter(noun=noun, key=key).latest("at", "pk")
    return change, {name: (change.before.get(name), now) for name, now in change.after.items()}


def test_each_list_term_circuit_and_template_has_it_on_record(admin: User) -> None:
    eau, ass = department("EAU"), department("ASS")
    mailing = DistributionList.objects.create(name="Tous")
    DistributionEntry.objects.create(list=mailing, department=eau, role="copy")
    term = DeadlineRule.objects.create(kind=kind("request"), department=eau, days=9, unit="working")
    circuit = Circuit.objects.create(name_ar="م", name_fr="C", name_en="C", version=4)
    CircuitStep.objects.create(circuit=circuit, rank=1, act="visa", who="head_of", department=eau)
    template = ReplyTemplate.objects.create(name="Réponse", language="fr", department=eau)

    close_department(eau, heir=ass, actor=admin)

    for noun, row, differs in (
        (OrgChange.Noun.LIST, mailing, {"departments": ({"EAU": "copy"}, {"ASS": "copy"})}),
        (OrgChange.Noun.DEADLINE, term, {"department": ("EAU", "ASS")}),
        (OrgChange.Noun.CIRCUIT, circuit, {"steps": ("1:visa:head_of:EAU", "1:visa:head_of:ASS")}),
        (OrgChange.Noun.TEMPLATE, template, {"department": ("EAU", "ASS")}),
    ):
        change, differing = changed(noun, str(row.pk))
        assert (change.action, change.actor, differing) == ("changed", admin, differs)
    circuit.refresh_from_db()
    assert circuit.version == 5, "who has its page open must not write over it"


def test_targets_and_reports_by_mail_follow_unless_the_heir_has_them(
    admin: User, badr: User
) -> None:
    eau, ass = department("EAU"), department("ASS")
    for measure, unit, value in (("in_term", eau, 90), ("median", eau, 5), ("median", ass, 7)):
        Target.objects.create(measure=measure, department=unit, value=value)
    asked = [FiguresFilter(date(2026, 1, 1), date(2026, 1, 1), code) for code in ("EAU", "ASS")]
    doubled = [order_report(badr, "week", one) for one in asked]
    single = order_report(badr, "month", asked[0])

    close_department(eau, heir=ass, actor=admin)

    found = targets()
    assert {one: found.of(one, "ASS") for one in ("in_term", "median")} == {
        "in_term": 90,
        "median": 7,
    }
    assert not Target.objects.filter(department=eau, active=True).exists()
    assert changed("target", "in_term/EAU/*")[1] == {"active": (True, False)}
    assert changed("target", "in_term/ASS/*")[0].action == "created"
    standing = list(orders_of(badr))
    assert standing == [doubled[1], single]
    assert {one.department for one in standing} == {"ASS"}


def test_teams_and_waiting_callbacks_follow(admin: User, badr: User) -> None:
    eau, ass = department("EAU"), department("ASS")
    values = {"code": "EAU-9", "name_ar": "ف", "name_fr": "É", "name_en": "T", "department": "EAU"}
    team, _outcome = save_team({**values, "members": [badr.username]}, actor=admin)
    waiting, done = (
        ask_callback(CallbackData(phone="0661223344", reason=why, unit=eau), actor=admin)
        for why in ("Fuite", "Devis")
    )
    log_try(done, TryData(reached=True, tried=0), actor=admin)
    foreseen = foresee_closing(eau)
    assert (foreseen["teams"][1], foreseen["callbacks"][1]) == (2, 1), "one is the demo’s"

    close_department(eau, heir=ass, actor=admin)

    team.refresh_from_db()
    assert team.department == ass
    assert changed("team", "EAU-9")[1] == {"department": ("EAU", "ASS")}
    assert list(open_of_unit(ass)) == [waiting]
    done.refresh_from_db()
    assert done.unit == eau


def test_the_heir_of_the_centre_is_the_centre(admin: User) -> None:
    assert centre() == department("COM")
    close_department(department("COM"), heir=department("ASS"), actor=admin)
    assert centre() == department("ASS")
    task = ask_callback(CallbackData(phone="0661223344", reason="Devis"), actor=None)
    assert task.unit == department("ASS")


def test_nothing_is_given_where_the_heir_is_closed(admin: User) -> None:
    eau, ass = department("EAU"), department("ASS")
    close_department(ass, heir=department("COM"), actor=admin)
    term = DeadlineRule.objects.create(kind=kind("request"), department=eau, days=9, unit="working")
    ass.refresh_from_db()
    with pytest.raises(BadOrganisationError):
        close_department(eau, heir=ass, actor=admin)
    term.refresh_from_db()
    assert term.department == eau
