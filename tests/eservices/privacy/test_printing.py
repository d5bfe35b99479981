"""A print-out: everything of one person, nothing of others, and what is left out is said."""

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from eservices.privacy import officers
from eservices.privacy.models import Printout
from eservices.privacy.parts import PARTS
from eservices.privacy.printing import PrintoutRequest, ask_printout, person_source
from eservices.privacy.rights import DataNotAllowedError
from eservices.privacy.words import Words
from eservices.relations.customers import NoSuchCustomerError
from org.models import User
from org.processing import add_usual
from registry.contacts.links import link_sender
from registry.intake import PartyData
from registry.models.acts import Act
from registry.models.letters import Letter
from search.exports.export_requests import ExportRefusedError, fetch_export, problem_of
from search.exports.job import make_export
from search.exports.models import Export
from tests.eservices.privacy.subjects import MAIL, NAME, Subject, brother, director, salma, secret
from tests.factories import deposit, drain, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_exports(own_data_dir: Path, settings: Any) -> Path:
    folder: Path = own_data_dir / "exports"
    settings.EXPORT_DIR = folder
    return folder


def made(key: str, *, by: User | None = None, **more: Any) -> Printout:
    wanted = PrintoutRequest(subject=key, reason="Sa demande au guichet", **more)
    printout = ask_printout(wanted, actor=by or director())
    drain("search.export")
    printout.export.refresh_from_db()
    return printout


def zipped(printout: Printout) -> ZipFile:
    _export, stream = fetch_export(printout.asked_by, printout.export_id)
    with stream:
        return ZipFile(io.BytesIO(stream.read()))


def told(printout: Printout) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zipped(printout).read("data.json"))
    return found


def part(found: dict[str, Any], code: str) -> dict[str, Any]:
    (one,) = (one for one in found["parts"] if one["part"] == code)
    return dict(one)


@pytest.fixture
def subject() -> Subject:
    return salma()


def test_everything_of_a_person_is_in_it(subject: Subject) -> None:
    found = told(made(subject.key))
    assert [one["part"] for one in found["parts"]][:3] == ["contacts", "history", "letters"]
    assert found["subject"] == {"key": subject.key, "name": NAME}
    numbers = {row["number"] for row in part(found, "letters")["rows"]}
    assert {subject.letter.number, subject.request.letter.number} <= numbers
    assert part(found, "contacts")["rows"][0]["name"] == NAME
    assert part(found, "space")["rows"][0]["name"] == NAME
    (request,) = part(found, "requests")["rows"]
    assert request["answers"]["description"] == "Fuite rue des Amandiers"
    assert part(found, "contracts")["rows"][0]["contract"] == "7700001"
    assert part(found, "bills")["rows"][0]["number"] == "ZB-1"
    assert part(found, "calls")["rows"][0]["subject"] == "Pourquoi si cher ?"
    assert part(found, "asked")["rows"][0]["reason"] == "Sa demande au guichet"


@pytest.mark.parametrize("kind", ["contact", "request", "contract"])
def test_it_is_the_same_person_by_whatever_they_are_named(subject: Subject, kind: str) -> None:
    keys = {
        "contact": f"contact:{subject.contact.pk}",
        "request": f"request:{subject.request.pk}",
        "contract": f"contract:{subject.contract.number_key}",
    }
    found = told(made(keys[kind]))
    assert part(found, "space")["rows"][0]["name"] == NAME
    assert subject.letter.number in {row["number"] for row in part(found, "letters")["rows"]}


def test_each_part_says_purpose_source_recipients_and_retention(subject: Subject) -> None:
    add_usual(actor=None)
    for one in told(made(subject.key))["parts"]:
        for name in ("title", "purpose", "ground", "source", "recipients", "retention"):
            assert one[name], (one["part"], name)


def test_letters_of_others_are_left_out_and_that_is_said(subject: Subject) -> None:
    other = brother()
    found = told(made(subject.key))
    assert other.number not in json.dumps(found)
    assert "Affaire du frère" not in json.dumps(found, ensure_ascii=False)
    assert any("autre personne" in one for one in part(found, "letters")["left_out"])


def test_letters_above_the_clearance_are_left_out_and_counted(subject: Subject) -> None:
    hidden, amina = secret(subject), person("amina")
    User.objects.filter(pk=amina.pk).update(clearance=0)
    officers.appoint(amina, actor=None)
    printout = made(subject.key, by=person("amina"))
    found = part(told(printout), "letters")
    assert "Dossier secret" not in json.dumps(found, ensure_ascii=False)
    assert any("1" in one and "habilitation" in one for one in found["left_out"])
    assert hidden.number.replace("/", "-") not in " ".join(zipped(printout).namelist())


def test_the_documents_of_own_letters_go_along_unless_they_are_not_wanted(
    subject: Subject,
) -> None:
    folder = subject.letter.number.replace("/", "-")
    assert any(name.startswith(folder) for name in zipped(made(subject.key)).namelist())
    without = zipped(made(subject.key, documents=False)).namelist()
    assert not any(name.startswith(folder) for name in without)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_paper_is_a_tagged_pdf_in_its_language(subject: Subject, language: str) -> None:
    paper = zipped(made(subject.key, language=language)).read("data.pdf")
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert str(pdf.Root.Lang)[:2] == language
        assert len(pdf.pages) >= 1


def test_who_printed_it_and_why_is_an_act_without_a_name(subject: Subject) -> None:
    printout = made(subject.key)
    act = Act.objects.get(kind="person_printed")
    assert act.actor_id == director().pk
    assert act.data["subject"] == subject.key
    assert NAME not in str(act.data)
    assert printout.reason == "Sa demande au guichet"
    assert Act.objects.filter(kind="export_made", data__source="person").exists()


@pytest.mark.parametrize("username", ["amina", "badr", "dounia", "audit", "admin", "archives"])
def test_nobody_else_prints(subject: Subject, username: str) -> None:
    with pytest.raises(DataNotAllowedError):
        ask_printout(PrintoutRequest(subject=subject.key, reason="Curieux"), actor=person(username))
    assert not Printout.objects.exists()


def test_a_clerk_who_was_appointed_prints_until_that_ends(subject: Subject) -> None:
    amina = person("amina")
    officers.appoint(amina, actor=person("admin"))
    printout = made(subject.key, by=amina)
    assert told(printout)["parts"]
    officers.end(amina, actor=person("admin"))
    with pytest.raises(ExportRefusedError):
        fetch_export(amina, printout.export_id)


def test_only_a_clerk_is_appointed_and_once() -> None:
    with pytest.raises(DataNotAllowedError):
        officers.appoint(person("badr"), actor=None)
    officers.appoint(person("amina"), actor=None)
    with pytest.raises(DataNotAllowedError):
        officers.appoint(person("amina"), actor=None)


def test_a_reason_is_needed_and_somebody_of_that_name(subject: Subject) -> None:
    with pytest.raises(DataNotAllowedError):
        ask_printout(PrintoutRequest(subject=subject.key, reason="  "), actor=director())
    for key in ("", "contact:999999", "nothing:1", "person:x"):
        with pytest.raises(NoSuchCustomerError):
            ask_printout(PrintoutRequest(subject=key, reason="x"), actor=director())


def test_the_queries_do_not_grow_with_the_letters(subject: Subject) -> None:
    def queries() -> int:
        wanted = PrintoutRequest(subject=subject.key, reason="x", documents=False)
        export = str(ask_printout(wanted, actor=director()).export_id)
        with CaptureQueriesContext(connection) as found:
            make_export(export, lambda _done, _total: None, source_of=person_source)
        return len(found)

    before = queries()
    for _ in range(6):
        letter: Letter = deposit(subject="Encore").letter
        link_sender(letter, contact=subject.contact, actor=person("amina"))
    drain("letter.index")
    assert queries() - before < 6


def test_the_command_writes_the_file(subject: Subject, tmp_path: Path) -> None:
    target = tmp_path / "salma.zip"
    told = ["--as", "direction", "--reason", "Sa demande", "--letter", subject.letter.number]
    call_command("personal_data", "print", subject.key, str(target), *told)
    assert {"data.json", "data.pdf"} <= set(ZipFile(target).namelist())
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError):
        call_command("personal_data", "print", "contact:999999", str(target), *told)


def test_where_a_worker_was_faster_than_the_command_one_file_is_kept(
    subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_exports: Path
) -> None:
    command = "eservices.privacy.management.commands.personal_data"

    def first_the_worker(key: str, progress: Any, **how: Any) -> Any:
        made = make_export(key, progress, **how)
        drain("search.export")
        return made

    monkeypatch.setattr(f"{command}.make_export", first_the_worker)
    target = str(tmp_path / "salma.zip")
    call_command("personal_data", "print", subject.key, target, "--as", "direction", "--reason=x")
    assert len(list(own_exports.iterdir())) == 1


def test_a_reply_to_the_person_alone_goes_along_and_one_to_others_as_well_does_not(
    subject: Subject,
) -> None:
    office, her = (
        PartyData("sender", name="La régie"),
        PartyData("recipient", name=NAME, email=MAIL),
    )
    copy = PartyData("copy", name="La commune")
    alone = deposit(register="OUT", subject="Réponse", parties=[office, her]).letter
    shared = deposit(register="OUT", subject="À deux", parties=[office, her, copy]).letter
    names = " ".join(zipped(made(subject.key)).namelist())
    assert alone.number.replace("/", "-") in names
    assert shared.number.replace("/", "-") not in names


def test_the_paper_shows_the_newest_entries_and_says_how_many_more_there_are(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eservices.privacy.file.MOST_DRAWN", 2)
    monkeypatch.setattr("eservices.privacy.file.PIECE", 1)
    for n in range(3):
        letter = deposit(subject=f"Encore {n}").letter
        link_sender(letter, contact=subject.contact, actor=person("amina"))
    printout = made(subject.key, language="en")
    text = paper(printout)
    assert "Encore 2" in text
    assert "Encore 0" not in text
    assert "more stand in the file data.json" in text
    assert "Encore 0" in json.dumps(told(printout))


def test_the_job_tells_its_progress_after_each_piece_of_paper(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eservices.privacy.file.PIECE", 1)
    wanted = PrintoutRequest(subject=subject.key, reason="x", documents=False)
    export = str(ask_printout(wanted, actor=director()).export_id)
    done: list[int] = []
    make_export(export, lambda count, _total: done.append(count), source_of=person_source)
    assert done == list(range(1, len(PARTS) + 1))


def test_the_paper_says_codes_in_words(subject: Subject) -> None:
    text = paper(made(subject.key, language="fr"))
    for code in ("water_leak", "received", "description:", "'", "person:"):
        assert code not in text.replace(subject.key, ""), code
    assert "Fuite rue des Amandiers" in text


def test_words_come_from_the_field_and_never_from_what_was_written() -> None:
    with override("en"):
        words = Words()
        assert words.value("edited", "what", "history") == "changed"
        assert words.value("edited", "subject", "letters") == "edited"
        assert words.value("verified", "text") == "verified"
        assert words.value("2026-03-09", "due_on") == "9 March 2026"
        assert words.value("2026-03-09", "subject") == "2026-03-09"
        assert words.value("ar", "language") == "Arabic"
        assert words.value(2, "identity_level") == "the link to a contract is proven"
        assert words.value({"told_by": "phone"}, "consents") == "How to be told: by SMS"
        assert words.value(["notes", "way"], "columns") == "Notes; Way"
        assert words.value({"name": "edited"}, "answers") == "name: edited"
    with override("ar"):
        assert Words().value(["1", "2"], "documents") == "1؛ 2"


@pytest.mark.parametrize("problem", ["export_no_right", "export_too_large", "export_too_many"])
def test_what_went_wrong_is_said_of_a_print_out_and_not_of_a_search(
    subject: Subject, problem: str
) -> None:
    export = ask_printout(PrintoutRequest(subject=subject.key, reason="x"), actor=director()).export
    export.problem = problem
    said = problem_of(export)
    export.source = Export.Source.SEARCH
    assert said != problem_of(export)


def paper(printout: Printout) -> str:
    """Return the text of the paper."""
    pdf = pypdfium2.PdfDocument(zipped(printout).read("data.pdf"))
    try:
        text = " ".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf)))
    finally:
        pdf.close()
    return " ".join(text.split())
