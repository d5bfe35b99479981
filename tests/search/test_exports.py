"""Exports: what stands in them, whose they are, what stops them; nothing half is offered."""

import contextlib
import csv
import datetime
import gc
import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from config.exported import export_work
from jobs.models import Job
from org.institution import keep_institution
from org.models import User
from registry.acts import check_acts, record_act
from registry.intake import IncomingFile
from registry.models.acts import Act
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from registry.sheets import files as sheet_files
from registry.sheets.cells import defused
from search.address.request import SearchRequest
from search.exports import export_requests as exports
from search.exports.export_requests import (
    ExportRefusedError,
    NoSuchExportError,
    fetch_export,
    forget_exports,
)
from search.exports.models import Export, ExportedLetter
from search.exports.zipped import safe_name
from tests.factories import address, deposit, drain, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_exports(own_data_dir: Path, settings: Any) -> Path:
    """An index and a folder of exports of the test's own."""
    settings.EXPORT_DIR = own_data_dir / "exports"
    return own_data_dir / "exports"


def no_progress(done: int, total: int) -> None:
    """Progress nobody looks at."""


def asked(person: User, *, format: str = "csv", words: str = "zellige", **how: Any) -> Export:
    """An export that was asked for; its job still waits."""
    return exports.request_export(
        person=person, asked=SearchRequest(words=words, **how), format=format, language="fr"
    )


def made(person: User, **how: Any) -> Export:
    """An export whose job is done."""
    export = asked(person, **how)
    drain("search.export")
    export.refresh_from_db()
    return export


def content(person: User, export: Export) -> bytes:
    _export, stream = fetch_export(person, export.pk)
    with stream:
        return stream.read()


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_a_csv_holds_every_letter_found_and_none_of_others(
    amina: User, badr: User, chafik: User
) -> None:
    own = deposit(subject="Zellige bleu", departments=["SI"]).letter
    deposit(subject="Zellige secret", departments=["EAU"])
    drain("letter.index")

    data = content(chafik, made(chafik)).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(data)))
    assert [row[0] for row in rows[1:]] == [own.number]
    assert "secret" not in data
    assert len(list(csv.reader(io.StringIO(content(amina, made(amina)).decode())))) == 3


def test_every_page_of_the_result_is_in_it(amina: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("search.exports.job.MOST_HITS", 2)
    numbers = {deposit(subject="Zellige").letter.number for _ in range(5)}
    drain("letter.index")
    export = made(amina)
    data = content(amina, export).decode("utf-8-sig")
    assert {row[0] for row in list(csv.reader(io.StringIO(data)))[1:]} == numbers
    assert ExportedLetter.objects.filter(export=export).count() == export.count == 5


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0"])
def test_a_formula_of_a_stranger_is_only_text(amina: User, evil: str) -> None:
    deposit(subject=f"{evil} zellige", sender=f"{evil} Karim")
    drain("letter.index")
    data = content(amina, made(amina)).decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(data)))[1]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)
    book = openpyxl.load_workbook(io.BytesIO(content(amina, made(amina, format="xlsx"))))
    assert book.active is not None
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


@given(st.text())
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    formulas = ("=", "+", "-", "@", "\t", "\r")
    assert not defused(text).lstrip(" ").startswith(formulas)
    # Nor does one where the spreadsheet parts cells at semicolons, and lines within quotes.
    cells = re.split("[;\r\n]", defused(text))[1:]
    assert not any(cell.lstrip(' "').startswith(formulas) for cell in cells)


@pytest.mark.parametrize("text", ["a\n=1", "a\r\n =1", "a;\n=1", 'a"\n"=1', "a\n;=1", "a\n\t=1"])
def test_no_line_of_a_cell_begins_as_a_formula(text: str) -> None:
    assert re.search('[;\r\n][ "]*[=\t]', defused(text)) is None


def test_the_name_of_a_document_is_no_formula_in_the_index(amina: User) -> None:
    deposit(
        subject="Zellige",
        files=[IncomingFile("a;=1+1;＝cmd.txt", io.BytesIO(b"Zellige"))],
    )
    drain("letter.index")
    data = content(amina, made(amina, format="zip"))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        index = packed.read("index.csv").decode("utf-8-sig")
    assert ";'=1+1" in index
    assert not re.search('[;\r\n][ "]*[=＝]', index)


@given(st.text())
def test_a_name_in_a_zip_leads_nowhere_else(title: str) -> None:
    name = safe_name(title)
    assert name
    assert len(name) <= 100
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")


def test_a_list_of_many_letters_is_one_pdf_with_running_pages(
    amina: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sheet_files, "PDF_PART", 2)
    for _ in range(3):
        deposit(subject="زليج الساحة zellige")
    drain("letter.index")
    data = content(amina, made(amina, format="pdf"))
    with contextlib.closing(pypdfium2.PdfDocument(data)) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert [text.split()[-1] for text in texts] == ["1", "2"]


def test_a_list_stands_under_the_name_of_the_institution_in_both_languages(amina: User) -> None:
    names = {"name_ar": "وكالة طنجة", "name_fr": "Régie de Tanger", "name_en": "Tangier Utility"}
    keep_institution(names, actor=None, valid_from=datetime.date(2020, 1, 1))
    deposit(subject="Zellige")
    drain("letter.index")
    with contextlib.closing(
        pypdfium2.PdfDocument(content(amina, made(amina, format="pdf")))
    ) as pdf:
        head = pdf[0].get_textpage().get_text_range().split("Liste de courriers")[0]
    assert head.count("Régie de Tanger") == 1
    assert "démonstration" not in head
    assert re.search("[\u0600-\u06ff\ufb50-\ufefc]", head)


def test_days_and_languages_of_a_table_are_written_as_people_write_them(amina: User) -> None:
    letter = deposit(subject="Zellige").letter
    Letter.objects.filter(pk=letter.pk).update(language="ar")
    drain("letter.index")
    book = openpyxl.load_workbook(io.BytesIO(content(amina, made(amina, format="xlsx"))))
    assert book.active is not None
    row = next(iter(book.active.iter_rows(min_row=2)))
    registered = row[1].value
    assert isinstance(registered, datetime.datetime)
    assert registered.date() == timezone.localdate(letter.registered_at)
    assert row[1].number_format == "dd/mm/yyyy"
    assert "arabe" in [cell.value for cell in row]


def test_a_zip_holds_the_documents_and_an_index_in_two_forms(amina: User) -> None:
    letter = deposit(
        subject="Zellige",
        files=[text_file("Le zellige", name="../../evil.txt"), text_file("Annexe", name="b.txt")],
    ).letter
    drain("letter.index")
    with zipfile.ZipFile(io.BytesIO(content(amina, made(amina, format="zip")))) as packed:
        names = packed.namelist()
        folder = letter.number.replace("/", "-")
        assert {"index.html", "index.csv"} <= set(names)
        inside = [name for name in names if name.startswith(f"{folder}/")]
        assert len(inside) == 2
        assert not any(".." in name.split("/") for name in names)
        assert packed.read(inside[0]) == b"Le zellige"
        page = packed.read("index.html").decode()
        assert letter.number in page
        assert f"{timezone.localdate(letter.registered_at):%d/%m/%Y}" in page
        rows = list(csv.reader(io.StringIO(packed.read("index.csv").decode("utf-8-sig"))))
        assert (rows[0][-1], rows[1][len(rows[0]) - 1]) == ("Documents", inside[0])
        assert packed.testzip() is None


def test_a_document_that_is_not_in_the_vault_is_said_and_not_fatal(
    amina: User, monkeypatch: Any
) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    document = Document.objects.latest("id")
    from registry.files.vault import get_vault

    get_vault().path_of(document.file.sha256).unlink()  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content(amina, made(amina, format="zip")))) as packed:
        assert "coffre" in packed.read("index.html").decode() or len(packed.namelist()) == 2


def test_who_loses_a_right_does_not_get_the_file_any_more(chafik: User) -> None:
    letter = deposit(subject="Zellige").letter
    row = address(letter, "SI")
    drain("letter.index")
    export = made(chafik)
    assert content(chafik, export)
    DepartmentReader.objects.filter(pk=row.pk).update(active=False)
    with pytest.raises(ExportRefusedError) as refused:
        fetch_export(chafik, export.pk)
    assert refused.value.code == "rights"


def test_a_right_lost_before_the_job_runs_leaves_the_letter_out(chafik: User) -> None:
    deposit(subject="Zellige", departments=["SI"])
    lost = address(deposit(subject="Zellige").letter, "SI")
    drain("letter.index")
    export = asked(chafik)
    DepartmentReader.objects.filter(pk=lost.pk).update(active=False)
    drain("search.export")
    export.refresh_from_db()
    assert export.count == 1


def test_a_disabled_person_gets_no_file(amina: User) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    export = asked(amina)
    User.objects.filter(pk=amina.pk).update(is_active=False)
    drain("search.export")
    export.refresh_from_db()
    assert (export.file_name, export.problem) == ("", "export_no_right")


def test_an_export_is_its_persons_alone(amina: User, badr: User) -> None:
    deposit(subject="Zellige", departments=["EAU"])
    drain("letter.index")
    export = made(amina)
    with pytest.raises(NoSuchExportError):
        fetch_export(badr, export.pk)


def test_too_many_letters_are_refused_with_the_figures(amina: User, settings: Any) -> None:
    settings.EXPORT_MAX_LETTERS = 1
    for _ in range(2):
        deposit(subject="Zellige")
    drain("letter.index")
    with pytest.raises(ExportRefusedError, match=r"2 .* 1") as refused:
        asked(amina)
    assert refused.value.code == "too_many"


def test_letters_that_come_meanwhile_do_not_break_the_bound(
    amina: User, settings: Any, own_exports: Path
) -> None:
    settings.EXPORT_MAX_LETTERS = 1
    deposit(subject="Zellige")
    drain("letter.index")
    export = asked(amina)
    deposit(subject="Zellige")
    drain("letter.index")
    drain("search.export")
    export.refresh_from_db()
    assert export.problem == "export_too_many"
    assert files(own_exports) == []


def test_documents_beyond_the_bound_leave_no_file(
    amina: User, settings: Any, own_exports: Path
) -> None:
    settings.EXPORT_MAX_MB = 0
    deposit(subject="Zellige")
    drain("letter.index")
    assert made(amina, format="zip").problem == "export_too_large"
    assert files(own_exports) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf", "zip"])
def test_a_full_disk_parks_the_export_and_offers_no_half_file(
    amina: User, monkeypatch: Any, format: str, own_exports: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()  # what other tests left open is not ours
    deposit(subject="Zellige")
    drain("letter.index")

    def on_a_full_disk(name: str) -> Path:
        path = exports.path_of(name)
        if name.endswith(".part") and path.parent.exists() and not path.is_symlink():
            path.symlink_to("/dev/full")
        return path

    own_exports.mkdir()
    monkeypatch.setattr("search.exports.job.path_of", on_a_full_disk)
    export = made(amina, format=format)
    assert Job.objects.get(kind="search.export").state == "parked"
    assert export.problem == "export_disk_full"
    assert "disque" in exports.problem_of(export)
    assert files(own_exports) == []
    with pytest.raises(ExportRefusedError):
        fetch_export(amina, export.pk)
    gc.collect()  # what was left open would complain now


def test_while_the_engine_is_away_an_export_waits(amina: User, settings: Any) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    export = asked(amina)
    settings.SEARCH_URL = "http://127.0.0.1:9/?timeout=1"
    drain("search.export")
    export.refresh_from_db()
    assert Job.objects.get(kind="search.export").state == "ready"
    assert (export.finished_at, export.problem) == (None, "")
    with pytest.raises(ExportRefusedError) as refused:
        asked(amina)
    assert refused.value.code == "search_unavailable"


def test_making_and_fetching_are_acts_on_record(amina: User) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    export = made(amina)
    content(amina, export)
    acts = list(Act.objects.order_by("seq").values_list("kind", "actor_id"))
    assert acts == [("export_made", amina.pk), ("export_fetched", amina.pk)]
    act = Act.objects.first()
    assert act is not None
    assert act.data["sha256"] == export.sha256
    assert act.data["letters"] == 1
    assert "zellige" not in str(act.data).lower()
    assert list(check_acts()) == []


@pytest.mark.django_db(transaction=True)
def test_an_act_cannot_be_changed_nor_taken_out(amina: User) -> None:
    with transaction.atomic():
        record_act("tried", actor=amina, data={"n": 1})
    for change in (lambda: Act.objects.update(kind="other"), lambda: Act.objects.all().delete()):
        with pytest.raises((DatabaseError, ValidationError)):
            change()


def test_a_changed_act_is_found(amina: User) -> None:
    from registry import append_only

    record_act("tried", actor=amina, data={"n": 1})
    record_act("tried", actor=amina, data={"n": 2})
    append_only.remove(connection)
    Act.objects.filter(data__n=1).update(actor=None)
    append_only.install(connection)
    assert [problem.code for problem in check_acts()] == ["act_edited"]


def test_a_file_is_gone_when_its_days_are_over(amina: User, own_exports: Path) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    export = made(amina)
    Export.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(ExportRefusedError):
        fetch_export(amina, export.pk)
    assert forget_exports() == 1
    assert files(own_exports) == []
    assert Export.objects.get(pk=export.pk).count == 1


def test_only_some_exports_of_a_person_wait_at_once(amina: User) -> None:
    deposit(subject="Zellige")
    drain("letter.index")
    for format in ("csv", "xlsx", "pdf"):
        asked(amina, format=format)
    with pytest.raises(ExportRefusedError) as refused:
        asked(amina, format="zip")
    assert refused.value.code == "waiting"


def test_the_queries_of_an_export_do_not_grow_with_its_letters(amina: User) -> None:
    def queries() -> int:
        export = asked(amina, format="zip")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            exports.save_export(str(export.pk), export_work(str(export.pk), no_progress))
        return len(caught)

    deposit(subject="Zellige")
    drain("letter.index")
    one = queries()
    for _ in range(4):
        deposit(subject="Zellige")
    drain("letter.index")
    assert queries() == one
