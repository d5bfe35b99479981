"""A table of contacts goes into the directory once, and says which lines it could not take."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.contacts.directory import propose_contacts
from registry.contacts.importing import BadTableError, import_contacts
from registry.models.contacts import Contact, ContactPoint
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db
TABLE = """name,organisation,email,phone,customer number,address,language
Mohamed Alaoui,,m@example.org,0612345678,4711,"12 rue des Amandiers, El Jadida",fr
,Société Nour SARL,,0523341212,,,fr
فاطمة الزهراء العلمي,,,٠٦٩٩٩٩٩٩٩٩,,,ar
,,x@example.org,,,,
Karim Tahiri,,no mail,,,,
"""


def take(text: str, **more: Any) -> Any:
    return import_contacts(io.StringIO(text), actor=None, **more)


def test_good_lines_are_taken_and_bad_ones_are_told() -> None:
    done = take(TABLE)

    assert done.created == 3
    assert [(bad.line, bad.column, bad.problem) for bad in done.bad] == [
        (5, "name", "missing"),
        (6, "email", "unusable"),
    ]
    assert propose_contacts(phone="+212699999999")[0].contact.language == "ar"
    assert Contact.objects.get(kind="organisation").name == "Société Nour SARL"


def test_a_line_with_more_cells_than_the_heading_loses_none() -> None:
    done = take("nom,adresse\nKarim Tahiri,12, rue des Figues\nNaima Berrada,Rabat,,\n")

    assert [(bad.line, bad.column, bad.problem) for bad in done.bad] == [(2, "", "too_many_cells")]
    assert Contact.objects.get().name == "Naima Berrada"


def test_the_same_file_again_changes_nothing() -> None:
    take(TABLE)
    before = (Contact.objects.count(), ContactPoint.objects.count())

    again = take(TABLE)

    assert (again.created, again.completed, again.unchanged) == (0, 0, 3)
    assert (Contact.objects.count(), ContactPoint.objects.count()) == before


def test_looking_alone_writes_nothing() -> None:
    assert take(TABLE, dry_run=True).created == 3
    assert Contact.objects.count() == 0


def test_a_known_contact_is_completed_and_never_overwritten() -> None:
    row = contact("محمد العلوي", customer="4711", language="ar")

    done = take(TABLE)

    row.refresh_from_db()
    assert (done.created, done.completed) == (2, 1)
    assert (row.name, row.language) == ("محمد العلوي", "ar")
    assert row.points.filter(kind="email").exists()


def test_a_customer_number_of_somebody_else_is_not_taken() -> None:
    contact("Naima Berrada", customer="4711")

    done = take(TABLE)

    assert (done.bad[0].line, done.bad[0].problem) == (2, "belongs_to_another")


@pytest.mark.parametrize(
    "header", ["Nom;Téléphone;N° client;Langue", "الاسم\tالهاتف\tرقم الزبون\tاللغة"]
)
def test_columns_are_known_in_the_offices_languages(header: str) -> None:
    separator = ";" if ";" in header else "\t"
    take(
        header.replace("N° client", "Numéro client")
        + "\n"
        + separator.join(["Karim Tahiri", "0612345678", "99-1", "Arabe"])
    )

    row = Contact.objects.get()
    assert row.language == "ar"
    assert set(row.points.values_list("kind", flat=True)) == {"phone", "customer"}


@pytest.mark.parametrize(
    ("text", "code"), [("a,b\n1,2\n", "no_columns"), ("email\nx\n", "no_name")]
)
def test_what_is_no_table_of_contacts_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadTableError, match=code):
        take(text)


def test_the_command_tells_lines_and_ends_with_one(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(TABLE, encoding="utf-8-sig")

    with pytest.raises(SystemExit) as ended:
        call_command("import_contacts", str(file), "--json")

    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert told["created"] == 3
    assert told["bad"][0] == {"line": 5, "column": "name", "problem": "missing"}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(b"name,phone\n\xff\xfe\x00,1\n")

    with pytest.raises(CommandError, match="n’est pas en UTF-8"):
        call_command("import_contacts", str(file))
    file.write_bytes(b"PK\x03\x04 a workbook")
    with pytest.raises(CommandError, match="classeur"):
        call_command("import_contacts", str(file))


def test_unicode_text_of_a_spreadsheet_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "contacts.txt"
    file.write_text("nom\tعنوان\tالهاتف\nفاطمة بنيس\tالرباط\t0661234567\n", encoding="utf-16")
    call_command("import_contacts", str(file))
    assert Contact.objects.get().name == "فاطمة بنيس"


def test_the_report_is_in_the_language_of_the_office(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("nom;langue\nFatima;klingon\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_contacts", str(file))
    told = capsys.readouterr()
    assert "0 nouveaux" in told.out
    assert (
        "Ligne 2\N{NO-BREAK SPACE}: language\N{NO-BREAK SPACE}: ce n’est pas une langue" in told.err
    )


def test_doubles_of_an_import_are_found_by_the_command(capsys: Any) -> None:
    take(TABLE)
    contact("Mohammed El Alaoui", phone="0612345678")

    call_command("find_contact_doubles", "--json")

    assert json.loads(capsys.readouterr().out) == {"next": 0, "found": 1}


@pytest.mark.parametrize("wrong", [("--limit", "-1"), ("--limit", "0"), ("--after", "-5")])
def test_a_number_that_cannot_be_is_refused_and_is_not_the_end(wrong: tuple[str, str]) -> None:
    """No contact checked would be told as `next: 0`, which is the end."""
    contact("Mohammed El Alaoui", phone="0612345678")

    with pytest.raises(CommandError, match=wrong[0]) as refused:
        call_command("find_contact_doubles", *wrong, "--json")

    assert refused.value.returncode == 2
