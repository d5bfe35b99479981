"""A closed department's letters, rules, circuits and lists go to its heir."""

import pytest

from correspondence.kinds import OutgoingJob
from correspondence.models.steps import Circuit
from correspondence.succession import close_department, foresee_closing
from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.models import OrgChange, User
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.assigning.giving import assign
from routing.inbox.assignments import accept
from routing.models.assignments import Assignment
from routing.models.distribution import DistributionEntry, DistributionList
from routing.models.rules import RoutingRule
from routing.rules.editing import create_rule
from tests.factories import department, deposit, drain, person

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

    assert (foreseen.letters, foreseen.people, foreseen.circuits, foreseen.lists) == (2, 2, 1, 1)
    assert foreseen.rules >= 1
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
