"""Teams as data, and orders planned for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from eservices.relations.models import Team, WorkOrder
from eservices.relations.orders import (
    BadOrderError,
    cancel_order,
    move_order,
    orders_visible_to,
)
from eservices.relations.teams import TEAMS, save_team
from org.errors import BadOrganisationError
from org.models import OrgChange
from org.tables import export_table, import_table
from routing.acting.errors import ConflictError, NotAllowedError
from tests.eservices.relations.field import enter, ordered, team
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_numbers_follow_one_another_and_a_refused_order_takes_none() -> None:
    crew = team()
    first = ordered(crew).number
    with pytest.raises(BadOrderError):
        ordered(crew, planned_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(BadOrderError):
        ordered(crew, what=" ")
    second = ordered(crew).number
    assert first.startswith(f"OT/{timezone.localdate().year}/")
    assert int(second.rpartition("/")[2]) == int(first.rpartition("/")[2]) + 1


def test_the_team_its_department_and_the_office_see_an_order_and_nobody_else() -> None:
    order = ordered(team(members=("chafik",)))
    for name in ("amina", "dounia", "badr", "chafik", "direction", "audit"):
        assert order in orders_visible_to(person(name)), name
    other = ordered(team("ELEC-9", department="ELEC", members=("badr",)), actor=person("amina"))
    assert other in orders_visible_to(person("badr"))
    assert other not in orders_visible_to(person("dounia"))
    assert other not in orders_visible_to(person("admin"))
    assert other not in orders_visible_to(person("archives"))


def test_an_order_is_moved_and_cancelled_by_those_who_plan_and_its_history_says_so() -> None:
    order = ordered()
    tomorrow = timezone.localdate() + timedelta(days=1)
    move_order(order, team=order.team, planned_on=tomorrow, slot="8–10", actor=person("dounia"))
    with pytest.raises(NotAllowedError):
        cancel_order(order, why="Non", actor=person("chafik"))
    with pytest.raises(BadOrderError):
        cancel_order(order, why=" ", actor=person("dounia"))
    cancel_order(order, why="Déjà réparé", actor=person("dounia"))
    found = WorkOrder.objects.get(pk=order.pk)
    assert (found.state, found.planned_on, found.slot) == ("cancelled", tomorrow, "8–10")
    assert list(order.entries.order_by("came_at").values_list("kind", flat=True)) == [
        *("ordered", "moved", "cancelled")
    ]
    with pytest.raises(ConflictError):
        move_order(order, team=order.team, planned_on=tomorrow, actor=person("dounia"))


def test_an_order_that_the_team_ended_is_not_cancelled() -> None:
    order = ordered()
    enter(order, "end", done=True, remark="")
    with pytest.raises(ConflictError):
        cancel_order(order, why="Trop tard", actor=person("dounia"))


def test_teams_go_out_as_a_table_and_come_back_the_same() -> None:
    made = team(members=("badr", "dounia"))
    text = export_table(TEAMS)
    assert "badr;dounia" in text
    assert import_table(TEAMS, text, actor=None).count("same") == Team.objects.count()
    changed = text.replace("badr;dounia", "dounia")
    assert import_table(TEAMS, changed, actor=person("admin")).count("changed") == 1
    assert [user.username for user in made.members.all()] == ["dounia"]
    last = OrgChange.objects.filter(noun="team", key=made.code).first()
    assert last is not None
    assert last.after == {"members": "dounia"}


def test_a_team_needs_a_code_names_a_department_and_known_members() -> None:
    with pytest.raises(BadOrganisationError) as refused:
        save_team({"code": "eau 1", "department": "NIL", "members": ["nobody"]}, actor=None)
    problems = set(refused.value.problems)
    assert problems == {"code", "name_ar", "name_fr", "department", "members"}
