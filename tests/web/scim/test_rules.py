"""What the directory does over SCIM, and what is refused to it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from correspondence.replies.editing import CircuitData, StepData, save_circuit
from identity.directory.groups import give_department
from identity.models import DirectoryGroup, DirectoryPerson, SecurityEvent
from identity.stand_ins import appoint
from org.models import Invitation, Membership, OrgChange, User
from tests.factories import api_key, department

pytestmark = pytest.mark.django_db
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Directory:
    """The directory of the house, with a token."""

    def __init__(self, username: str = "admin", **limits: Any) -> None:
        self.key = api_key(username, **{"areas": ["scim"], **limits})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        call = getattr(Client(raise_request_exception=False), method)
        headers = {"authorization": f"Bearer {self.key}"}
        address = f"/scim/v2/{path}"
        if method in ("get", "delete"):
            return call(address, headers=headers)
        data = body if isinstance(body, str) else json.dumps(body)
        return call(address, data, content_type="application/scim+json", headers=headers)

    def enter(self, name: str = "s.alaoui@example.ma", **more: Any) -> Any:
        body = {
            "schemas": [USER],
            "userName": name,
            "externalId": "e-1",
            "name": {"givenName": "Salma", "familyName": "Alaoui"},
            "emails": [{"value": name, "type": "work", "primary": True}],
            **more,
        }
        return self.ask("post", "Users", body)

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.ask("patch", path, {"schemas": [PATCH], "Operations": list(operations)})


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory()


def test_a_person_is_entered_as_a_member_and_invited(directory: Directory, settings: Any) -> None:
    settings.OIDC_URL = ""
    answer = directory.enter(title="Ingénieure", preferredLanguage="ar-MA", displayName="سلمى")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    person = User.objects.get(pk=told["id"])
    assert (person.username, person.email) == ("s.alaoui", "s.alaoui@example.ma")
    assert (person.duty, person.clearance, person.language) == ("member", 0, "ar")
    assert (person.name_ar, person.function) == ("سلمى", "Ingénieure")
    assert answer.headers["Location"].endswith(f"/scim/v2/Users/{person.pk}")
    assert OrgChange.objects.get(key="s.alaoui", action="created").actor is not None
    assert SecurityEvent.objects.get(kind="directory_changed").detail["change"] == "created"
    assert Invitation.objects.filter(person=person).exists()


def test_who_signs_in_by_the_provider_is_not_invited(directory: Directory, settings: Any) -> None:
    settings.OIDC_URL = "https://login.example.ma"
    assert directory.enter().status_code == 201
    assert not Invitation.objects.exists()


def test_inactive_ends_access_and_active_gives_it_back(directory: Directory) -> None:
    key = directory.enter().json()["id"]
    made = api_key("s.alaoui")
    off = {"op": "Replace", "path": "active", "value": "False"}  # as Entra writes it
    assert directory.patch(f"Users/{key}", off).json()["active"] is False
    headers = {"authorization": f"Token {made}"}
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    assert SecurityEvent.objects.filter(kind="access_ended").exists()
    on = directory.patch(f"Users/{key}", {"op": "replace", "value": {"active": True}})
    assert on.json()["active"] is True


def test_deletion_deactivates_and_a_new_entry_takes_the_person_up_again(
    directory: Directory,
) -> None:
    key = directory.enter().json()["id"]
    assert directory.ask("delete", f"Users/{key}").status_code == 204
    assert not User.objects.get(pk=key).is_active
    assert directory.ask("get", f"Users/{key}").status_code == 404
    again = directory.enter()
    assert (again.status_code, again.json()["id"]) == (201, key)
    assert User.objects.get(pk=key).is_active
    taken = directory.enter()
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")


def test_people_are_found_and_paged(directory: Directory) -> None:
    directory.enter()
    by_name = directory.ask("get", 'Users?filter=userName eq "S.Alaoui@example.ma"').json()
    assert by_name["totalResults"] == 1
    wanted = 'Users?filter=emails[type eq "work" and value eq "s.alaoui@example.ma"]'
    assert directory.ask("get", wanted).json()["totalResults"] == 1
    by_id = directory.ask("get", 'Users?filter=externalId eq "e-1" and active eq true').json()
    assert by_id["Resources"][0]["userName"] == "s.alaoui@example.ma"
    assert directory.ask("get", 'Users?filter=userName eq "nobody"').json()["totalResults"] == 0
    everybody = directory.ask("get", "Users").json()
    far = directory.ask("get", f"Users?startIndex={10**30}&count={10**30}")
    assert (far.status_code, far.json()["Resources"]) == (200, [])
    page = directory.ask("get", "Users?startIndex=2&count=3").json()
    ids = [one["id"] for one in everybody["Resources"]]
    assert [one["id"] for one in page["Resources"]] == ids[1:4]
    assert page["totalResults"] == everybody["totalResults"] == len(ids)
    bad = directory.ask("get", "Users?filter=userName nearly 3")
    assert (bad.status_code, bad.json()["scimType"]) == (400, "invalidFilter")


def test_many_people_take_no_more_queries(
    directory: Directory, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        directory.enter(f"p{number}.alaoui@example.ma", externalId=f"e-{number}")
    with django_assert_max_num_queries(6):
        directory.ask("get", "Users?count=200")
    with django_assert_max_num_queries(12):
        directory.ask("get", "Groups")


def test_a_department_is_a_group_and_its_members_are_people(directory: Directory) -> None:
    key = directory.enter().json()["id"]
    found = directory.ask("get", 'Groups?filter=displayName eq "DSI"')
    unit = department("DSI") if found.json()["totalResults"] else None
    code = unit.code if unit else Membership.objects.earliest("pk").department.code
    group = directory.ask("get", f'Groups?filter=displayName eq "{code}"').json()["Resources"][0]
    before = {one["value"] for one in group["members"]}
    add = {"op": "Add", "path": "members", "value": [{"value": key}]}
    told = directory.patch(f"Groups/{group['id']}", add).json()
    assert {one["value"] for one in told["members"]} == before | {key}
    place = Membership.objects.get(user=key)
    assert (place.department.code, place.role) == (code, "member")
    groups = directory.ask("get", f"Users/{key}").json()["groups"]
    assert [one["value"] for one in groups] == [group["id"]]
    remove = {"op": "Remove", "path": f'members[value eq "{key}"]'}
    directory.patch(f"Groups/{group['id']}", remove)
    assert not Membership.objects.filter(user=key).exists()
    changes = OrgChange.objects.filter(key="s.alaoui", action="changed")
    assert changes.filter(after__departments={code: "member"}).exists()


def test_heads_stay_whatever_the_directory_says(directory: Directory) -> None:
    head = Membership.objects.filter(role="head").select_related("department").earliest("pk")
    path = f"Groups/department-{head.department_id}"
    body = {"schemas": [GROUP], "displayName": head.department.name_fr, "members": []}
    assert directory.ask("put", path, body).status_code == 200
    rest = Membership.objects.filter(department=head.department)
    assert set(rest.values_list("role", flat=True)) == {"head"}
    for answer in (
        directory.ask("delete", path),
        directory.ask("put", path, {**body, "displayName": "Autre"}),
    ):
        assert answer.status_code == 403


def test_a_group_gives_places_once_it_has_a_department(directory: Directory, admin: User) -> None:
    key = directory.enter().json()["id"]
    made = directory.ask(
        "post",
        "Groups",
        {"schemas": [GROUP], "displayName": "Grp-Courrier", "members": [{"value": key}]},
    )
    assert made.status_code == 201
    assert not Membership.objects.filter(user=key).exists()
    unit = Membership.objects.earliest("pk").department
    give_department(DirectoryGroup.objects.get(own=False), unit, actor=admin)
    assert Membership.objects.get(user=key).department == unit
    assert directory.ask("delete", f"Groups/{made.json()['id']}").status_code == 204
    assert not Membership.objects.filter(user=key).exists()


def test_only_a_token_for_the_directory_of_an_administrator_opens_it(db: None) -> None:
    for directory, status in (
        (Directory(areas=[]), 403),
        (Directory(areas=["administration"]), 403),
        (Directory("badr"), 403),
        (Directory("direction"), 403),
    ):
        answer = directory.ask("get", "Users")
        assert (answer.status_code, answer.json()["schemas"]) == (
            status,
            ["urn:ietf:params:scim:api:messages:2.0:Error"],
        )
    nobody = Client().get("/scim/v2/Users")
    assert (nobody.status_code, nobody.json()["status"]) == (401, "401")
    assert "Bearer" in nobody.headers["WWW-Authenticate"]


def test_a_token_for_the_directory_opens_nothing_else(directory: Directory) -> None:
    headers = {"authorization": f"Token {directory.key}"}
    for path in ("letters", "people", "jobs", "search?q=eau"):
        assert Client().get(f"/api/v1/{path}", headers=headers).status_code == 403


def test_a_token_that_reads_changes_nothing(db: None) -> None:
    directory = Directory(access="read")
    assert directory.ask("get", "Users").status_code == 200
    assert directory.enter().status_code == 403


@pytest.mark.parametrize("username", ["dounia", "direction", "amina"])
def test_an_account_on_which_more_hangs_is_not_taken_over(
    directory: Directory, username: str
) -> None:
    person = User.objects.get(username=username)
    mine = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "me@evil.example"}
    answer = directory.patch(f"Users/{person.pk}", mine)
    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.email != "me@evil.example"
    refused = SecurityEvent.objects.get(kind="directory_refused")
    assert refused.subject == person


def test_an_account_on_which_more_hangs_keeps_its_address(
    directory: Directory, dounia: User
) -> None:
    User.objects.filter(pk=dounia.pk).update(email="dounia@example.ma")
    answer = directory.patch(f"Users/{dounia.pk}", {"op": "remove", "path": "emails"})
    assert answer.status_code == 403
    dounia.refresh_from_db()
    assert dounia.email == "dounia@example.ma"
    assert SecurityEvent.objects.get(kind="directory_refused").subject == dounia


def test_who_stands_in_for_a_head_is_not_taken_over_either(
    directory: Directory, dounia: User, chafik: User
) -> None:
    mine = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "me@example.ma"}
    assert directory.patch(f"Users/{chafik.pk}", mine).status_code == 200
    today = timezone.localdate()
    appoint(dounia, actor=dounia, delegate=chafik, starts_on=today, ends_on=today)
    again = {**mine, "value": "other@example.ma"}
    assert directory.patch(f"Users/{chafik.pk}", again).status_code == 403


def test_who_signs_by_name_in_a_circuit_is_not_taken_over_either(
    directory: Directory, admin: User, chafik: User
) -> None:
    steps = [StepData(1, "signature", "person", person=chafik)]
    named = CircuitData(name_ar="توقيع", name_fr="Signature", name_en="Signature", steps=steps)
    save_circuit(named, actor=admin)
    mine = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "me@example.ma"}
    assert directory.patch(f"Users/{chafik.pk}", mine).status_code == 403


def test_duties_are_neither_given_nor_given_back(directory: Directory) -> None:
    roles = [{"value": "administrator"}]
    key = directory.enter(roles=roles, duty="administrator", clearance=2).json()["id"]
    person = User.objects.get(pk=key)
    assert (person.duty, person.clearance, person.is_superuser) == ("member", 0, False)
    second = User.objects.create_user("adm2", duty=User.Duty.ADMINISTRATOR, last_name="Deux")
    off = directory.patch(f"Users/{second.pk}", {"op": "replace", "value": {"active": False}})
    assert off.status_code == 200
    on = directory.patch(f"Users/{second.pk}", {"op": "replace", "value": {"active": True}})
    assert on.status_code == 403
    directory.ask("delete", f"Users/{second.pk}")
    assert directory.enter("adm2").status_code == 403


def test_it_changes_neither_itself_nor_the_last_administrator(
    directory: Directory, admin: User
) -> None:
    path = f"Users/{admin.pk}"
    assert directory.ask("delete", path).status_code == 403
    off = {"op": "replace", "path": "active", "value": False}
    assert directory.patch(path, off).status_code == 403
    unit = Membership.objects.earliest("pk").department_id
    add = {"op": "add", "path": "members", "value": [{"value": str(admin.pk)}]}
    assert directory.patch(f"Groups/department-{unit}", add).status_code == 403
    admin.refresh_from_db()
    assert admin.is_active
    assert not Membership.objects.filter(user=admin).exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("post", "Users", "{", 400),
        ("post", "Users", "[]", 400),
        ("post", "Users", "[" * 100_000, 400),
        ("post", "Users", '{"userName": "a\\u0000b"}', 400),
        ("post", "Users", '{"userName": "\\ud800"}', 400),
        ("post", "Users", '{"userName": "ab", "userName": "cd"}', 400),
        ("post", "Users", "{}", 400),
        ("post", "Users", {"schemas": [USER], "userName": "x" * 300}, 400),
        ("post", "Users", {"schemas": [USER], "userName": "a", "emails": "x"}, 400),
        ("post", "Users", {"schemas": [USER], "userName": "ab", "preferredLanguage": "de"}, 400),
        (
            "post",
            "Groups",
            {"schemas": [GROUP], "displayName": "G", "members": [{"value": "9x"}]},
            404,
        ),
        ("patch", "Users/1", {"schemas": [PATCH]}, 400),
        ("patch", "Users/1", {"schemas": [PATCH], "Operations": [{"op": "burn"}]}, 400),
        ("get", "Users/99999999999999999999999", None, 404),
        ("get", "Groups/department-99999999999999999999999", None, 404),
        ("get", "Groups/nothing-1", None, 404),
        ("get", "Users?filter=" + "not(" * 900 + "x", None, 400),
        ("get", "Users?filter=" + "x" * 5000, None, 414),
        ("get", "Users?count=abc", None, 400),
        ("get", "Elsewhere", None, 404),
        ("post", "Bulk", {}, 501),
        ("put", "Users", {}, 405),
        ("get", "Users/1/../../x", None, 404),
    ],
)
def test_what_is_malformed_is_an_error_of_scim(
    directory: Directory, method: str, path: str, body: Any, status: int
) -> None:
    answer = directory.ask(method, path, body)
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert (told["status"], bool(told["detail"])) == (str(status), True)
    assert not DirectoryPerson.objects.exists()


def test_administrators_see_the_directory_and_give_its_groups_a_department(
    directory: Directory, client_as: Any
) -> None:
    key = directory.enter().json()["id"]
    members = [{"value": key}]
    body = {"schemas": [GROUP], "displayName": "Grp-Courrier", "members": members}
    directory.ask("post", "Groups", body)
    browser, row = client_as("admin"), DirectoryGroup.objects.get(own=False)
    page = browser.get("/administration/directory/").content.decode()
    assert "/scim/v2" in page
    assert "Grp-Courrier" in page
    unit = Membership.objects.earliest("pk").department
    browser.post(f"/administration/directory/{row.pk}/", {"department": str(unit.pk)})
    assert Membership.objects.get(user=key).department == unit
    browser.post(f"/administration/directory/{row.pk}/", {"department": ""})
    assert not Membership.objects.filter(user=key).exists()
