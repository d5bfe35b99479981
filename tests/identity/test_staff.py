"""People are created, changed and deactivated by rules, and each change stands in the history."""

import csv
import io
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from identity.models import SecurityEvent
from identity.people_table import PEOPLE
from identity.staff import COLUMNS, find_people, roles_of, save_person, set_active
from identity.tokens import make_token
from org.errors import BadOrganisationError
from org.models import OrgChange, User
from org.tables import BadTableError, export_table, import_table, text_of
from tests.factories import person

pytestmark = pytest.mark.django_db
NEW = {
    "username": "k.alaoui",
    "first_name": "Karim",
    "last_name": "Alaoui",
    "name_ar": "كريم العلوي",
    "email": "k.alaoui@house.example",
    "function": "Chef de service",
    "duty": "member",
    "clearance": 1,
    "language": "ar",
    "departments": {"EAU": "head", "SI": "member"},
}


def test_a_person_is_created_without_a_password_and_with_departments(admin: User) -> None:
    made, outcome = save_person(NEW, actor=admin)

    assert outcome == "new"
    assert not made.has_usable_password()
    assert sorted(made.memberships.values_list("department__code", "role")) == [
        ("EAU", "head"),
        ("SI", "member"),
    ]
    change = OrgChange.objects.get(key="k.alaoui")
    assert (change.action, change.actor) == ("created", admin)
    assert change.after["departments"] == {"EAU": "head", "SI": "member"}
    assert "password" not in change.after


def test_the_history_holds_what_differs_before_and_after(admin: User) -> None:
    made, _outcome = save_person(NEW, actor=admin)

    save_person({**NEW, "function": "Directeur", "departments": {}}, actor=admin, person=made)
    _same, outcome = save_person(
        {**NEW, "function": "Directeur", "departments": {}}, actor=admin, person=made
    )

    assert outcome == "same"
    last = OrgChange.objects.filter(key="k.alaoui")[0]
    assert last.before == {
        "function": "Chef de service",
        "departments": {"EAU": "head", "SI": "member"},
    }
    assert last.after == {"function": "Directeur", "departments": {}}
    with pytest.raises(DatabaseError), transaction.atomic():
        OrgChange.objects.update(action="other")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "Karim A"}, "username"),
        ({"username": "BADR"}, "username"),
        ({"first_name": "", "last_name": "", "name_ar": ""}, "last_name"),
        ({"email": "badr@sijill.example"}, "email"),
        ({"email": "nowhere"}, "email"),
        ({"duty": "king"}, "duty"),
        ({"clearance": 7}, "clearance"),
        ({"clearance": "high"}, "clearance"),
        ({"language": "de"}, "language"),
        ({"departments": {"XX": "member"}}, "departments"),
        ({"departments": {"EAU": "king"}}, "departments"),
    ],
)
def test_what_is_wrong_is_refused_by_field(
    wrong: dict[str, object], field: str, admin: User
) -> None:
    with pytest.raises(BadOrganisationError) as told:
        save_person({**NEW, **wrong}, actor=admin)
    assert field in told.value.problems
    assert not OrgChange.objects.exists()


def test_the_last_administrator_stays(admin: User, amina: User) -> None:
    for attempt in (
        lambda: set_active(admin, False, actor=amina),
        lambda: save_person(
            {"last_name": "Idrissi", "duty": "clerk"}, actor=amina, person=person("admin")
        ),
    ):
        with pytest.raises(BadOrganisationError):
            attempt()
    assert person("admin").is_active
    assert person("admin").duty == "administrator"


def test_an_archivist_never_loses_the_last_department_in_passing(admin: User) -> None:
    """Without one they would be the archivist of the whole house."""
    given = {**NEW, "duty": "archivist"}
    made, _outcome = save_person(given, actor=admin)
    save_person({**given, "departments": {"SI": "member"}}, actor=admin, person=made)
    with pytest.raises(BadOrganisationError) as refused:
        save_person({**given, "departments": {}}, actor=admin, person=made)
    assert list(refused.value.problems) == ["departments"]
    assert roles_of(made) == {"SI": "member"}
    save_person({**given, "duty": "member", "departments": {}}, actor=admin, person=made)
    assert save_person({**given, "departments": {}}, actor=admin, person=made)[1] == "changed"


def test_nobody_deactivates_themselves(admin: User) -> None:
    with pytest.raises(BadOrganisationError):
        set_active(admin, False, actor=admin)


@pytest.mark.parametrize(
    "given",
    [{"duty": "auditor"}, {"clearance": 2}, {"departments": {"EAU": "head"}}, {"is_active": False}],
    ids=str,
)
def test_nobody_changes_their_own_rights(
    given: dict[str, object], admin: User, amina: User
) -> None:
    User.objects.filter(pk=amina.pk).update(duty="administrator")
    User.objects.filter(pk=admin.pk).update(clearance=0)
    admin.refresh_from_db()
    kept = {name: getattr(admin, name) for name in COLUMNS} | {"departments": roles_of(admin)}

    with pytest.raises(BadOrganisationError) as told:
        save_person(kept | given, actor=admin, person=admin)

    assert list(told.value.problems) == [next(iter(given)).replace("is_active", "")]
    assert not SecurityEvent.objects.exists()
    _person, outcome = save_person(kept | {"function": "Chef"}, actor=admin, person=admin)
    assert outcome == "changed"
    save_person(kept | given, actor=amina, person=admin)
    assert SecurityEvent.objects.filter(kind="rights_changed", subject=admin).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_deactivate_each_other_one_stays(
    admin: User, amina: User
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    User.objects.filter(pk=amina.pk).update(duty="administrator")
    refused: list[BadOrganisationError] = []

    def other_way() -> None:
        try:
            set_active(admin, False, actor=amina)
        except BadOrganisationError as error:
            refused.append(error)
        finally:
            connection.close()

    other = Thread(target=other_way)
    with transaction.atomic():
        set_active(amina, False, actor=admin)
        other.start()
        while other.is_alive() and not _somebody_waits():
            other.join(0.05)
    other.join(30)
    assert len(refused) == 1
    assert person("admin").is_active


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchall())


def test_people_are_found_in_both_scripts_and_by_department(admin: User) -> None:
    save_person(NEW, actor=admin)
    for words in ("alaoui", "العلوي", "karim EAU", "chef", "house.example"):
        assert [row.username for row in find_people(words)] == ["k.alaoui"], words
    assert not find_people("alaoui ELEC").exists()


def test_the_name_is_shown_in_the_script_of_the_page(admin: User) -> None:
    from django.utils.translation import override

    made, _outcome = save_person(NEW, actor=admin)
    with override("ar"):
        assert made.shown_name == "كريم العلوي"
    with override("fr"):
        assert made.shown_name == "Karim Alaoui"


def test_what_is_exported_comes_back_as_it_was() -> None:
    report = import_table(PEOPLE, export_table(PEOPLE), actor=None)

    assert report.kept
    assert report.count("same") == len(report.lines) == User.objects.count()
    assert not OrgChange.objects.exists()


TABLE = """username;last_name;email;duty;departments
f.zahra;Zahra;f.zahra@house.example;clerk;BO:member|EAU:head
badr;Lahlou;badr@sijill.example;member;EAU
"""


@pytest.mark.parametrize("name", ["=1+1", "+212 Centre", "-2+3", "@SUM(A1)", "'=1", "'quoted'"])
def test_no_cell_of_a_table_begins_as_a_formula_and_all_come_back(name: str, admin: User) -> None:
    made, _outcome = save_person({**NEW, "last_name": name, "function": ""}, actor=admin)

    text = export_table(PEOPLE)

    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert import_table(PEOPLE, text, actor=None).count("same") == User.objects.count()
    made.refresh_from_db()
    assert made.last_name == name


def test_a_dry_run_tells_each_line_and_writes_nothing(admin: User) -> None:
    dry = import_table(PEOPLE, TABLE, actor=admin, dry_run=True)

    assert [(line.key, line.outcome) for line in dry.lines] == [
        ("f.zahra", "new"),
        ("badr", "same"),
    ]
    assert not dry.kept
    assert not User.objects.filter(username="f.zahra").exists()
    assert import_table(PEOPLE, TABLE, actor=admin).kept
    assert User.objects.get(username="f.zahra").memberships.count() == 2


def test_a_second_line_of_a_person_is_told_and_overwrites_nothing(admin: User) -> None:
    table = f"{TABLE}\nF.Zahra;Other;other@house.example;member;SI\n"
    report = import_table(PEOPLE, table, actor=admin)

    assert not report.kept
    assert [(line.number, line.key) for line in report.wrong] == [(5, "F.Zahra")]
    assert "La ligne 2" in report.wrong[0].words
    assert not User.objects.filter(username="f.zahra").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("parts", [",", ";", "\t"])
def test_a_table_comes_as_spreadsheets_write_it(encoding: str, parts: str) -> None:
    text = text_of(TABLE.replace(";", parts).encode(encoding))
    report = import_table(PEOPLE, text, actor=None, dry_run=True)
    assert [line.outcome for line in report.lines] == ["new", "same"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\x14\x00", "classeur"),
        (b"\xd0\xcf\x11\xe0\xa1", "classeur"),
        ("username\nréné\n".encode("latin-1"), "CSV UTF-8"),
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b"\xef\xbb\xbf \n", "vide"),
    ],
)
def test_a_file_that_is_no_table_is_told_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(BadTableError, match=words):
        text_of(data)


def test_one_wrong_line_keeps_all_lines_out(admin: User) -> None:
    report = import_table(PEOPLE, TABLE + "x.y;Y;;king;\n", actor=admin)

    assert not report.kept
    assert [(line.number, line.outcome) for line in report.wrong] == [(4, "wrong")]
    assert "duty" in report.wrong[0].words
    assert not User.objects.filter(username="f.zahra").exists()


@pytest.mark.parametrize(
    "text", ["", "name\nx\n", "username,salary\nx,1\n", "username\na\0b\n", 'username\n"a\n' * 3]
)
def test_what_is_no_such_table_is_refused(text: str) -> None:
    try:
        report = import_table(PEOPLE, text, actor=None)
    except BadTableError:
        return
    assert not report.kept


def test_who_is_deactivated_loses_tokens_and_a_change_of_rights_is_on_record(
    admin: User, badr: User
) -> None:
    token, _key = make_token(person=badr, name="script", access="read")
    set_active(badr, False, actor=admin)
    token.refresh_from_db()
    assert token.revoked_at is not None
    rows = SecurityEvent.objects.filter(subject=badr, person=admin).order_by("pk")
    assert [row.kind for row in rows] == ["rights_changed", "access_ended"]
    assert rows[0].detail == {"change": "is_active"}
