"""The wizard: from an empty database to a letter, by who holds the link, once."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from eservices.catalogue.loading import GENERAL
from eservices.catalogue.models import ServiceType
from eservices.catalogue.publishing import published, published_types
from org.models import Department, FirstRun, Holiday, Institution, LetterKind, User
from org.starting import SETS, starting_kinds, starting_registers, starting_set
from registry.first_run import is_open, make_link
from registry.models.letters import Letter
from registry.models.registers import Register
from tests import every
from tests.config.test_setup_office import empty
from tests.factories import person
from tests.org.test_institution import png

pytestmark = pytest.mark.django_db
INSTITUTION = {"name_ar": "جماعة المحمدية", "name_fr": "Commune de Mohammedia"}
FIRST = {"subject": "Éclairage", "message": "Un lampadaire est cassé.", "name": "Karim Tahiri"}
NUMBERS = {row.code: "BO-{year}-{register}-{serial:04d}" for row in starting_registers()}
PEOPLE = {
    "username": "s.idrissi",
    "last_name": "Idrissi",
    "first_name": "Salma",
    "email": "s@commune.example",
    "language": "ar",
    "password": "le-bureau-ouvre-a-8h",
    "again": "le-bureau-ouvre-a-8h",
    "clerk_username": "a.tazi",
    "clerk_last_name": "Tazi",
    "clerk_email": "a@commune.example",
}


def link() -> str:
    out = io.StringIO()
    call_command("first_run", stdout=out)
    return "/first-run/" + out.getvalue().strip().split("/first-run/")[1]


def walk(client: Client, begin: str, **more: dict[str, Any]) -> Any:
    """Answer all steps, each where the one before it leads."""
    steps: dict[str, dict[str, Any]] = {
        "institution": INSTITUTION,
        "departments": {"starting_set": "commune"},
        "numbers": NUMBERS,
        "calendar": {"holidays": "on"},
        "people": PEOPLE,
    }
    answer = client.get(begin)
    for name, fields in steps.items():
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{begin}{name}/"
        assert client.get(answer.headers["Location"]).status_code == 200
        answer = client.post(answer.headers["Location"], {**fields, **more.get(name, {})})
    return answer


def test_a_step_posted_before_its_turn_leads_to_the_one_that_lacks(client: Client) -> None:
    empty()
    begin = link()
    for fields in ({}, PEOPLE):
        answer = client.post(f"{begin}people/", fields)
        assert answer.status_code == 302
        assert answer.headers["Location"] == begin
    assert not User.objects.exists()


SECOND = {
    "username": "k.alami", "first_name": "Kenza", "last_name": "Alami", "duty": "member",
    "clearance": "0", "language": "fr", "email": "k.alami@commune.example", "role_TECH": "head",
}  # fmt: skip


def test_an_empty_office_is_set_up_and_takes_its_first_letter() -> None:
    empty()
    begin, client = link(), Client(headers={"accept-language": "fr"})

    answer = walk(
        client,
        begin,
        numbers={"first_IN": "4472"},
        institution={"logo": SimpleUploadedFile("l.png", png().read())},
    )

    clerk, administrator = person("a.tazi"), person("s.idrissi")
    assert answer.headers["Location"] == f"/administration/people/{clerk.pk}/"
    assert client.get(answer.headers["Location"]).status_code == 200  # logged in
    invited = client.post("/administration/people/new/", SECOND)  # and not asked who one is
    assert invited.status_code == 303
    assert (administrator.duty, clerk.duty) == ("administrator", "clerk")
    assert administrator.check_password(PEOPLE["password"])
    assert [m.department.code for m in clerk.memberships.all()] == ["BO"]
    named = Institution.objects.get()
    assert named.name_fr == "Commune de Mohammedia"
    assert named.logo_id
    assert Department.objects.get(code="VOI").parent == Department.objects.get(code="TECH")
    assert Department.objects.count() == len(starting_set("commune").departments)
    assert LetterKind.objects.count() == len(starting_kinds())
    assert Register.objects.get(code="IN").pattern == NUMBERS["IN"]
    assert Holiday.objects.filter(day__year=timezone.localdate().year + 1).exists()

    portal = Client(headers={"accept-language": "fr"})
    page = portal.get("/portal/deposit/").content.decode()
    key = re.search(r'name="deposit_key" value="([^"]+)"', page)
    assert key
    portal.post("/portal/deposit/", FIRST | {"deposit_key": key[1]})
    assert Letter.objects.get().number == f"BO-{timezone.localdate().year}-IN-4472"


def test_the_link_works_once_and_only_while_nobody_administers() -> None:
    empty()
    begin = link()
    walk(Client(), begin)

    for path in (begin, f"{begin}people/"):
        assert Client().get(path).status_code == 404
        assert Client().post(path, PEOPLE).status_code in {404, 405}
    assert User.objects.filter(duty="administrator").count() == 1
    with pytest.raises(CommandError) as told:
        link()
    assert told.value.returncode == 2


def test_without_the_link_there_is_nothing() -> None:
    empty()
    begin = link()
    for path in ("/first-run/x/", "/first-run/x/people/", f"{begin}nothing/"):
        assert Client().get(path).status_code == 404
    assert Client().post("/first-run/x/people/", PEOPLE).status_code == 404
    FirstRun.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(begin).status_code == 404


def test_a_newer_link_ends_the_older_and_keeps_what_was_answered() -> None:
    empty()
    old = link()
    Client().post(f"{old}institution/", INSTITUTION)
    new = link()

    assert Client().get(old).status_code == 404
    assert Client().get(new).headers["Location"] == f"{new}departments/"


def test_no_step_is_passed_over_and_no_password_is_kept() -> None:
    empty()
    begin, client = link(), Client()
    assert client.get(f"{begin}people/").headers["Location"] == f"{begin}institution/"
    assert client.post(f"{begin}people/", PEOPLE).headers["Location"] == begin
    assert not User.objects.exists()
    walk(client, begin)
    assert PEOPLE["password"] not in str(FirstRun.objects.get().answers)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("institution", {"name_fr": "", "name_ar": ""}, "name_ar"),
    ("institution", {**INSTITUTION, "logo": SimpleUploadedFile("l.png", b"x")}, "logo"),
    ("departments", {"starting_set": "kingdom"}, "starting_set"),
    (
        "departments",
        {"starting_set": "commune", "table": SimpleUploadedFile("d.csv", b"a,b\n1,2\n")},
        "table",
    ),
    ("numbers", {**NUMBERS, "IN": "{serial}"}, "IN"),
    ("numbers", {**NUMBERS, "IN": "{year}-{serial}", "OUT": "{year}-{serial}"}, "OUT"),
    ("numbers", {**NUMBERS, "IN": "{serial}/{year}", "OUT": "{serial:04d}/{year}"}, "OUT"),
    ("people", {**PEOPLE, "password": "short", "again": "short"}, "password"),
    ("people", {**PEOPLE, "password": "", "again": ""}, "password"),
    ("people", {**PEOPLE, "again": "another"}, "again"),
    ("people", {**PEOPLE, "username": "A B"}, "username"),
    ("people", {**PEOPLE, "clerk_username": "A B"}, "clerk_username"),
]


def test_what_is_wrong_is_said_and_nothing_begins() -> None:
    empty()
    begin, client = link(), Client()

    def attempt(wrong: tuple[str, dict[str, Any], str]) -> None:
        step, fields, where = wrong
        FirstRun.objects.update(
            answers={
                "institution": {**INSTITUTION, "logo": ""},
                "departments": {"starting_set": "company", "table": ""},
                "numbers": NUMBERS,
                "calendar": {"holidays": False},
            }
        )

        answer = client.post(f"{begin}{step}/", fields)

        assert answer.status_code == 422
        assert where in answer.context["form"].errors
        assert not Department.objects.exists()
        assert not User.objects.exists()
        assert not Institution.objects.exists()

    every.each(WRONG, attempt)


def test_an_office_begins_with_its_own_table() -> None:
    empty()
    table = (
        "code;name_ar;name_fr;parent;head_office\nDG;الإدارة;Direction;;\nBO;الضبط;Bureau;DG;oui\n"
    )
    upload = SimpleUploadedFile("d.csv", table.encode("utf-8-sig"), "text/csv")

    walk(Client(), link(), departments={"table": upload})

    assert list(Department.objects.order_by("code").values_list("code", flat=True)) == ["BO", "DG"]
    assert person("a.tazi").memberships.get().department.code == "BO"


@pytest.mark.parametrize(("kind", "offered"), [("utility", True), ("commune", False)])
def test_an_office_offers_the_services_of_its_kind(kind: str, offered: bool) -> None:
    empty()
    client = Client()
    walk(client, link(), departments={"starting_set": kind})
    codes = {one.definition.code for one in published_types()}
    assert codes >= GENERAL
    assert ({"pay_bill", "connection_water"} <= codes) is offered
    assert ServiceType.objects.filter(code="connection_water").exists()  # to be published again


def test_a_bare_superuser_does_not_close_the_wizard() -> None:
    empty()
    User.objects.create_superuser("moi", password="un mot de passe à moi")
    assert is_open()
    walk(Client(), link())
    assert not is_open()


def test_an_office_with_lists_of_its_own_keeps_them() -> None:
    User.objects.filter(duty="administrator").delete()
    before = Department.objects.count()
    begin = "/first-run/" + make_link().split("/first-run/")[1]
    walk(Client(), begin, numbers={"IN": "X-{year}-{serial}"})
    assert Department.objects.count() == before
    assert published("pay_bill") is not None
    assert Register.objects.get(code="IN").pattern == "{year}/{register}/{serial:06d}"


@pytest.mark.parametrize("code", SETS)
def test_every_set_begins_an_office(code: str) -> None:
    chosen = starting_set(code)
    codes = [row.code for row in chosen.departments]
    assert len(codes) == len(set(codes))
    assert chosen.head_office in codes
    for row in chosen.departments:
        assert row.ar
        assert row.of in {"", *codes[: codes.index(row.code)]}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_step_speaks_three_languages(language: str) -> None:
    empty()
    begin = link()
    client = Client(headers={"accept-language": language})
    Client().post(f"{begin}institution/", INSTITUTION)
    Client().post(f"{begin}departments/", {"starting_set": "utility"})
    Client().post(f"{begin}numbers/", NUMBERS)
    Client().post(f"{begin}calendar/", {})
    for step in ("institution", "departments", "numbers", "calendar", "people"):
        page = client.get(f"{begin}{step}/")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()
