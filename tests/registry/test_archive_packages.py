"""Packages for the archives: judged by E-ARK's own validator, read again, and then only a stub."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse
from django.core.management import CommandError, call_command

from config.disposing import RULES
from jobs.errors import Unavailable
from org.models import User
from registry.disposal import lists
from registry.disposal.package_reading import METS, NotAPackageError, read_package
from registry.disposal.packages import folder_of, write_package
from registry.files.vault import get_vault
from registry.models.disposal import DisposalList
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.models.opinions import Opinion
from tests.factories import deposit, drain, pdf, person, text_file
from tests.registry import scene
from tests.registry.disposing import executed, old_letter, run, schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def archives(db: None, settings: Any, tmp_path: Path) -> User:
    settings.ARCHIVE_FOLDER = str(tmp_path / "archives")
    return person("archives")


def letter_with_all() -> Letter:
    """A letter with a PDF, a text, and names that XML must carry."""
    letter = deposit(
        subject="Fuite <rue> & d'eau — تسرب",
        files=[pdf("Fuite", name="lettre <1> & 2.pdf"), text_file("annexe", name="ملحق.txt")],
    ).letter
    drain()
    return letter


def test_the_validator_of_e_ark_finds_it_valid(tmp_path: Path) -> None:
    from eark_validator import structure
    from eark_validator.mets import MetsValidator

    path = write_package(letter_with_all(), tmp_path)
    with zipfile.ZipFile(path) as zipped:
        zipped.extractall(tmp_path / "out")
    root = tmp_path / "out" / path.stem
    report = structure.validate_package_structure(str(root))
    assert (report.status.name, report.errors) == ("WellFormed", [])
    judge = MetsValidator(str(root))
    assert judge.validate_mets("METS.xml"), judge.validation_errors


def test_its_groups_are_those_that_csip_asks_for(tmp_path: Path) -> None:
    path = write_package(letter_with_all(), tmp_path)
    with zipfile.ZipFile(path) as zipped, zipped.open(f"{path.stem}/METS.xml") as stream:
        root = parse(stream).getroot()
    uses = [group.get("USE") for group in root.iter(f"{METS}fileGrp")]
    assert uses == ["Documentation", "Schemas", "Representations"]
    agents = [agent.get("OTHERTYPE") for agent in root.iter(f"{METS}agent")]
    assert agents == ["SOFTWARE"]


def test_it_holds_facts_history_originals_and_text(tmp_path: Path) -> None:
    letter = letter_with_all()
    path = write_package(letter, tmp_path)
    assert list(read_package(path)) == []
    with zipfile.ZipFile(path) as zipped:
        base = f"sijill-{letter.pk}"
        told = json.loads(zipped.read(f"{base}/metadata/descriptive/letter.json"))
        assert (told["number"], told["subject"]) == (letter.number, letter.subject)
        assert [event["seq"] for event in told["events"]] == list(
            range(1, letter.events.count() + 1)
        )
        for document in letter.documents.select_related("file"):
            ending = "pdf" if document.position == 1 else "txt"
            data = f"{base}/representations/original/data/{document.position:04d}.{ending}"
            with get_vault().open(document.file.sha256) as stream:
                assert zipped.read(data) == stream.read()
        assert b"annexe" in zipped.read(f"{base}/representations/text/data/0002.txt")


def _changed(source: Path, target: Path, name: str, content: bytes | None) -> Path:
    """A copy of a package in which one file is another, or missing."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith(name):
                if content is None:
                    continue
                data = content
            new.writestr(info.filename, data)
    return target


def test_what_is_wrong_with_a_package_is_named(tmp_path: Path) -> None:
    path = write_package(letter_with_all(), tmp_path)
    edited = _changed(path, tmp_path / "edited.zip", "original/data/0002.txt", b"autre")
    lost = _changed(path, tmp_path / "lost.zip", "premis.xml", None)
    more = tmp_path / "more.zip"
    shutil.copy(path, more)
    with zipfile.ZipFile(more, "a") as zipped:
        zipped.writestr(f"{path.stem}/more.txt", "de plus")
    assert list(read_package(edited)) == ["changed: representations/original/data/0002.txt"]
    assert list(read_package(lost)) == ["missing: metadata/preservation/premis.xml"]
    assert list(read_package(more)) == [f"not in METS: {path.stem}/more.txt"]
    bare = _changed(path, tmp_path / "bare.zip", "METS.xml", None)
    text = tmp_path / "plain.zip"
    text.write_text("no package")
    for wrong in (bare, text):
        with pytest.raises(NotAPackageError):
            list(read_package(wrong))


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = letter_with_all()
    call_command("write_archive_package", str(tmp_path), letter.number)
    path = capsys.readouterr().out.strip()
    call_command("read_archive_package", path)
    assert capsys.readouterr().out.strip() == f"{path}: le paquet est intègre"
    lost = _changed(Path(path), tmp_path / "lost.zip", "premis.xml", None)
    with pytest.raises(SystemExit) as ended:
        call_command("read_archive_package", str(lost), json=True)
    assert ended.value.code == 1
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("read_archive_package", str(lost))
    told = f"{lost}: metadata/preservation/premis.xml: le fichier manque"
    assert capsys.readouterr().out.strip() == told
    with pytest.raises(CommandError, match="Aucun courrier ne porte le numéro 2020/IN/1"):
        call_command("write_archive_package", str(tmp_path), "2020/IN/1")
    plain = tmp_path / "plain.zip"
    plain.write_text("no package")
    with pytest.raises(CommandError, match=r"ce n’est pas un fichier ZIP avec un METS.xml lisible"):
        call_command("read_archive_package", str(plain))
    with pytest.raises(CommandError, match="être écrit\u00a0: quelque chose s’y trouve"):
        call_command("write_archive_package", str(plain), letter.number)


def test_letters_are_handed_over_before_they_go(archives: User) -> None:
    schedule(fate="transfer")
    letter = old_letter(read=True)
    held = lists.propose(actor=person("amina"), fate="transfer")
    held = lists.approve(lists.review(held, actor=archives), actor=archives)
    done = executed(held)
    entry = done.entries.get()
    path = folder_of(done) / f"sijill-{letter.pk}.zip"
    assert list(read_package(path)) == []
    assert (entry.state, len(entry.package)) == ("done", 64)
    assert Letter.objects.get(pk=letter.pk).subject == ""
    assert list(verify_register()) == []


def test_nothing_goes_while_no_package_can_be_written(archives: User, settings: Any) -> None:
    schedule(fate="transfer")
    letter = old_letter()
    blocked = Path(settings.ARCHIVE_FOLDER)
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file, not a folder")
    held = lists.propose(actor=person("amina"), fate="transfer")
    held = lists.approve(lists.review(held, actor=archives), actor=archives)
    held = lists.order(held, actor=archives)
    with pytest.raises(Unavailable):
        run(held)
    assert Letter.objects.get(pk=letter.pk).disposal is None
    blocked.unlink()
    run(DisposalList.objects.get(pk=held.pk))
    assert Letter.objects.get(pk=letter.pk).disposal == held


def test_a_lost_original_keeps_its_letter_alone(archives: User) -> None:
    schedule(fate="transfer")
    lost = old_letter(files=[text_file("Une page perdue.")])
    whole = old_letter(files=[text_file("Une page qui est là.")])
    get_vault().delete(lost.documents.get().file.sha256)
    held = lists.propose(actor=person("amina"), fate="transfer")
    done = executed(lists.approve(lists.review(held, actor=archives), actor=archives))
    whys = dict(done.entries.values_list("letter", "why"))
    assert (done.state, whys) == ("executed", {lost.pk: "package", whole.pk: ""})
    assert sorted(path.name for path in folder_of(done).iterdir()) == [f"sijill-{whole.pk}.zip"]


def test_it_tells_what_else_is_emptied_with_the_letter(tmp_path: Path) -> None:
    """Opinions, dispatches with their proofs: whatever disposal takes and no other part holds."""
    scene.build()
    drain()
    found: dict[str, list[Any]] = {}
    hashes = set()
    for letter in Letter.objects.all():
        path = write_package(letter, tmp_path)
        assert list(read_package(path)) == []
        with zipfile.ZipFile(path) as zipped:
            names = zipped.namelist()
            told = zipped.read(f"{path.stem}/metadata/descriptive/letter.json")
            further = [name for name in names if "/further/" in name]
            hashes |= {hashlib.sha256(zipped.read(name)).hexdigest() for name in further}
        for table, rows in json.loads(told)["further"].items():
            found.setdefault(table, []).extend(rows)
    assert {"routing.opinion", "correspondence.dispatch", "correspondence.reply"} <= found.keys()
    assert [row["question"] for row in found["routing.opinion"]] == list(
        Opinion.objects.order_by("letter", "pk").values_list("question", flat=True)
    )
    assert not found.keys() & RULES.not_handed.keys()
    named = {row["proof_file"] for row in found["correspondence.dispatch"] if row["proof_file"]}
    assert named <= hashes
