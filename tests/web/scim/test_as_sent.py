"""What Entra ID and Okta really send over SCIM, beside what the standard says."""

from typing import Any

import pytest

from org.models import Department, Membership, User
from tests.web.scim.test_rules import GROUP, Directory

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


@pytest.fixture
def key(directory: Directory) -> str:
    return str(directory.enter().json()["id"])


@pytest.fixture
def unit() -> Department:
    return Membership.objects.earliest("pk").department


def is_in(key: str, unit: Department) -> bool:
    return Membership.objects.filter(user_id=key, department=unit).exists()


@pytest.mark.parametrize("more", [{"$ref": None}, {"$ref": "../Users/7"}, {"display": "Salma"}])
def test_entra_removes_a_member_by_value(
    directory: Directory, key: str, unit: Department, more: dict[str, Any]
) -> None:
    member = {"value": key, **more}
    path = f"Groups/department-{unit.pk}"
    add = {"op": "Add", "path": "members", "value": [member]}
    assert directory.patch(path, add).status_code == 200
    assert is_in(key, unit)
    remove = {"op": "Remove", "path": "members", "value": [member]}
    assert directory.patch(path, remove).status_code == 200
    assert not is_in(key, unit)


def test_okta_names_the_members_whom_it_adds(
    directory: Directory, key: str, unit: Department
) -> None:
    path = f"Groups/department-{unit.pk}"
    member = {"value": key, "display": "s.alaoui@example.ma"}
    for operation in (
        {"op": "add", "path": "members", "value": [member]},
        {"op": "replace", "path": "members", "value": [member]},
        {"op": "replace", "value": {"members": [member]}},
    ):
        answer = directory.patch(path, operation)
        assert answer.status_code == 200, answer.content
        assert is_in(key, unit)
        directory.patch(path, {"op": "remove", "path": f'members[value eq "{key}"]'})
        assert not is_in(key, unit)


def test_a_department_may_be_called_by_its_code_or_another_of_its_names(
    directory: Directory, unit: Department
) -> None:
    path = f"Groups/department-{unit.pk}"
    for name in (unit.code, unit.code.lower(), unit.name_ar, unit.name_en, unit.name_fr):
        told = {"op": "replace", "value": {"id": f"department-{unit.pk}", "displayName": name}}
        answer = directory.patch(path, told)
        assert (answer.status_code, answer.json()["displayName"]) == (200, unit.name_fr)
        members = [{"value": row["value"]} for row in answer.json().get("members", [])]
        body = {"schemas": [GROUP], "displayName": name, "members": members}
        assert directory.ask("put", path, body).status_code == 200


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "emails", "value": [{"type": "work", "primary": True}]},
        {"op": "Replace", "path": "emails", "value": {"type": "work", "primary": "True"}},
        {"op": "Add", "value": {"emails": [{"type": "work", "primary": True}]}},
        {"op": "Replace", "path": 'emails[type eq "work"]', "value": {"primary": True}},
        {"op": "Replace", "path": 'emails[type eq "work"].value'},
        {"op": "Replace", "path": "emails[primary eq true].value"},
        {"op": "Replace", "value": {'emails[type eq "work"].value': None}},
    ],
)
def test_an_address_is_changed_in_every_way_of_writing_it(
    directory: Directory, key: str, operation: dict[str, Any]
) -> None:
    new = "salma@example.ma"
    answer = directory.patch(f"Users/{key}", with_address(operation, new))
    assert answer.status_code == 200, answer.content
    assert User.objects.get(pk=key).email == new


def with_address(value: Any, address: str) -> Any:
    """Return an operation with the address where its shape has one."""
    path = str(value.get("path", ""))
    inner = value.get("value")
    if "emails" in path and path.endswith(".value"):
        return {**value, "value": address}
    if isinstance(inner, dict) and "emails" not in path:
        name, rows = next(iter(inner.items()))
        told = address if rows is None else [{**rows[0], "value": address}]
        return {**value, "value": {name: told}}
    rows = [{**row, "value": address} for row in (inner if isinstance(inner, list) else [inner])]
    return {**value, "value": rows if isinstance(inner, list) else rows[0]}


def test_of_several_addresses_the_main_one_is_kept(directory: Directory, key: str) -> None:
    rows = [
        {"type": "home", "value": "home@example.ma"},
        {"type": "work", "primary": True, "value": "work@example.ma"},
        {"type": "other", "value": "other@example.ma"},
    ]
    directory.patch(f"Users/{key}", {"op": "Replace", "path": "emails", "value": rows})
    assert User.objects.get(pk=key).email == "work@example.ma"


def test_a_private_address_takes_no_place_of_the_one_at_work(
    directory: Directory, key: str
) -> None:
    home = {"op": "Add", "path": 'emails[type eq "home"].value', "value": "salma@home.example"}
    answer = directory.patch(f"Users/{key}", home)
    assert answer.status_code == 200
    assert User.objects.get(pk=key).email == "s.alaoui@example.ma"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "name.formatted", "value": "Salma Alaoui"},
        {"op": "Add", "path": "name", "value": {"formatted": "Salma Alaoui"}},
        {"op": "Replace", "path": 'emails[type eq "work"].primary', "value": True},
        {"op": "Replace", "value": {"schemas": ["x"], "meta": {}, "groups": [], "active": "True"}},
    ],
)
def test_what_follows_from_the_rest_is_no_error(
    directory: Directory, key: str, operation: dict[str, Any]
) -> None:
    before = directory.ask("get", f"Users/{key}").json()
    answer = directory.patch(f"Users/{key}", operation)
    assert answer.status_code == 200, answer.content
    assert {**answer.json(), "meta": None} == {**before, "meta": None}


def test_names_with_dots_change_what_they_lead_to(directory: Directory, key: str) -> None:
    told = {"displayName": "S. Alaoui", "name.givenName": "Selma", "name.familyName": "Alami"}
    assert directory.patch(f"Users/{key}", {"op": "Replace", "value": told}).status_code == 200
    person = User.objects.get(pk=key)
    assert (person.first_name, person.last_name) == ("Selma", "Alami")


def test_a_wrong_value_is_told_in_plain_words(directory: Directory, key: str) -> None:
    wrong = {"op": "Replace", "path": "active", "value": "perhaps"}
    answer = directory.patch(f"Users/{key}", wrong)
    told = answer.json()
    assert (answer.status_code, told["scimType"]) == (400, "invalidValue")
    assert "active" in told["detail"]
    assert "pydantic" not in told["detail"]
    assert "\n" not in told["detail"]
