"""Departments form a tree; a closed one leaves its people and its past to an heir."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from org.departments_table import DEPARTMENTS
from org.errors import BadOrganisationError
from org.models import Department, OrgChange, User
from org.people import permissions_of
from org.tables import export_table, import_table
from org.units import close, save_department, tree
from tests.factories import department

pytestmark = pytest.mark.django_db
NEW = {"code": "QLT", "name_ar": "مصلحة الجودة", "name_fr": "Qualité", "parent": "EAU"}


def test_a_department_stands_under_the_one_it_belongs_to(admin: User) -> None:
    made, outcome = save_department(NEW, actor=admin)

    assert outcome == "new"
    assert made.name_en == "Qualité"
    branches = [(branch.department.code, branch.depth) for branch in tree()]
    assert branches[branches.index(("EAU", 0)) + 1] == ("QLT", 1)
    assert OrgChange.objects.get(key="QLT").after["parent"] == "EAU"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "eau"}, "code"),
        ({"code": "É"}, "code"),
        ({"code": "A" * 13}, "code"),
        ({"name_ar": " "}, "name_ar"),
        ({"name_fr": ""}, "name_fr"),
        ({"parent": "NIX"}, "parent"),
        ({"email": "x"}, "email"),
        ({"position": "first"}, "position"),
    ],
)
def test_what_is_wrong_is_refused_by_field(
    wrong: dict[str, object], field: str, admin: User
) -> None:
    with pytest.raises(BadOrganisationError) as told:
        save_department({**NEW, **wrong}, actor=admin)
    assert field in told.value.problems


def test_no_department_stands_under_itself(admin: User) -> None:
    made, _outcome = save_department(NEW, actor=admin)
    unit = department("EAU")
    names = {"name_ar": unit.name_ar, "name_fr": unit.name_fr}
    for parent in ("EAU", made.code):
        with pytest.raises(BadOrganisationError):
            save_department({**names, "parent": parent}, actor=admin, department=unit)


def test_there_is_one_registry_office(admin: User) -> None:
    save_department({**NEW, "head_office": True}, actor=admin)
    assert list(Department.objects.filter(head_office=True).values_list("code", flat=True)) == [
        "QLT"
    ]


def test_the_heir_gets_people_children_and_the_right_to_read(
    admin: User, badr: User, dounia: User
) -> None:
    save_department(NEW, actor=admin)

    close(department("EAU"), heir=department("ASS"), actor=admin)

    assert department("QLT").parent == department("ASS")
    assert permissions_of(badr).departments == {"ASS": "member", "EAU": "member"}
    assert permissions_of(dounia).departments == {"ASS": "head", "EAU": "head"}
    assert permissions_of(badr).ids["EAU"] == department("EAU").pk
    closed = department("EAU")
    assert (closed.active, closed.heir) == (False, department("ASS"))
    close(department("ASS"), heir=department("COM"), actor=admin)
    assert set(permissions_of(badr).departments) == {"COM", "ASS", "EAU"}


def test_an_heir_is_another_open_department(admin: User) -> None:
    close(department("EAU"), heir=department("ASS"), actor=admin)
    for closing, heir in (("EAU", "COM"), ("COM", "EAU"), ("COM", "COM")):
        with pytest.raises(BadOrganisationError):
            close(department(closing), heir=department(heir), actor=admin)


def test_a_child_that_inherits_takes_the_place_of_the_closed_one(admin: User) -> None:
    made, _outcome = save_department(NEW, actor=admin)
    close(department("EAU"), heir=made, actor=admin)
    assert department("QLT").parent is None


def test_an_export_asks_no_more_for_more_departments(
    admin: User, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as few:
        export_table(DEPARTMENTS)
    for number in range(5):
        save_department({**NEW, "code": f"Q{number}"}, actor=admin)
    with django_assert_num_queries(len(few)):
        export_table(DEPARTMENTS)


def test_what_is_exported_comes_back_as_it_was(admin: User) -> None:
    save_department(NEW, actor=admin)
    report = import_table(DEPARTMENTS, export_table(DEPARTMENTS), actor=admin)
    assert report.kept
    assert report.count("same") == len(report.lines) == Department.objects.count()
