"""Packages for the archives by E-ARK CSIP: a ZIP of METS, PREMIS, originals and renditions.

One for each letter. Nothing of a letter is deleted until its package was written and read again.
"""

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from jobs.errors import Unavailable
from jobs.table import Progress
from registry.disposal import explained
from registry.disposal.chains import kin_of
from registry.disposal.described import described, events_of, further_files
from registry.disposal.obstacles import why_they_stay
from registry.disposal.package_reading import NotAPackageError, read_package
from registry.files.receiving import CHUNK, VaultError, sha256_of
from registry.files.vault import get_vault
from registry.models.disposal import DisposalEntry, DisposalList
from registry.models.documents import Document, Rendition
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.models.receipts import Receipt

VERSION: Final = "1"
_XML: Final = "text/xml"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDINGS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/plain": "txt",
    "message/rfc822": "eml",
}


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package: where it lies, its hash, and its bytes where the vault has none."""

    path: str
    sha256: str
    size: int
    media_type: str
    title: str = ""
    content: bytes | None = None


@dataclass(slots=True)
class Group:
    """The files of one use: documentation, schemas, representations; or of one representation."""

    name: str
    files: list[Member] = field(default_factory=list)


def package_name(letter: Letter) -> str:
    """Return the name of a letter's package: its identifier there and everywhere."""
    return f"sijill-{letter.pk}"


def write_package(letter: Letter, folder: Path) -> Path:
    """Write the letter's package into a folder; return its path. Raise OSError, VaultError."""
    name = package_name(letter)
    groups = _groups(letter)
    told, at = _metadata(letter, groups), timezone.now().isoformat(timespec="seconds")
    folder.mkdir(parents=True, exist_ok=True)
    part, target = folder / f"{name}.zip.part", folder / f"{name}.zip"
    mets = render_to_string(
        "registry/package/mets.xml",
        {
            "name": name,
            "number": letter.number,
            "at": at,
            "version": VERSION,
            "groups": groups,
            **told,
        },
    )
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr(f"{name}/METS.xml", mets)
            for member in (*told.values(), *(file for group in groups for file in group.files)):
                _add(zipped, f"{name}/{member.path}", member)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
    return target


def _add(zipped: zipfile.ZipFile, path: str, member: Member) -> None:
    source: Any = io.BytesIO(member.content) if member.content is not None else None
    with (
        source or get_vault().open(member.sha256) as stream,
        zipped.open(path, "w", force_zip64=True) as target,
    ):
        while block := stream.read(CHUNK):
            target.write(block)


def _metadata(letter: Letter, groups: list[Group]) -> dict[str, Member]:
    events = events_of(letter)
    agents = {event.actor.username if event.actor else "sijill" for event in events}
    context = {
        "groups": groups,
        "agents": sorted(agents),
        "events": [
            {
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "hash": event.hash,
                "actor": event.actor.username if event.actor else "sijill",
            }
            for event in events
        ],
    }
    premis = render_to_string("registry/package/premis.xml", context).encode()
    facts = json.dumps(described(letter), ensure_ascii=False, indent=1).encode()
    return {
        "letter": _made("metadata/descriptive/letter.json", facts, "application/json"),
        "premis": _made("metadata/preservation/premis.xml", premis, _XML),
    }


def _made(path: str, content: bytes, media_type: str, title: str = "") -> Member:
    sha256 = hashlib.sha256(content).hexdigest()
    return Member(path, sha256, len(content), media_type, title, content)


def _groups(letter: Letter) -> list[Group]:
    """Return the package's files by their use, as METS groups them."""
    note, schema = explained.NOTE.encode(), explained.schema().encode()
    content = [file for group in _representations(letter) for file in group.files]
    return [
        Group("Documentation", [_made("documentation/README.txt", note, "text/plain")]),
        Group("Schemas", [_made("schemas/letter.schema.json", schema, "application/json")]),
        Group("Representations", content),
    ]


def _representations(letter: Letter) -> Iterable[Group]:
    originals, renditions = Group("original"), Group("rendition")
    further, texts = Group("further"), Group("text")
    documents = Document.objects.filter(letter=letter).select_related("file").order_by("position")
    for document in documents:
        title = _NOT_IN_XML.sub("", document.title)
        originals.files.append(
            _kept(originals, document.file, document.media_type, title, document.position)
        )
    rows = Rendition.objects.filter(document__letter=letter).exclude(file=None)
    for row in rows.select_related("file", "document").order_by("document__position", "kind"):
        _append(renditions, row.file, f"{row.document.position} {row.kind}")
    for receipt in Receipt.objects.filter(letter=letter).order_by("issued_at"):
        _append(renditions, receipt.office_file or receipt.file, receipt.kind)
    for file, title in further_files(letter):
        _append(further, file, title)
    readings = DocumentReading.objects.filter(document__letter=letter, current=True)
    for reading in readings.select_related("document").order_by("document__position"):
        path = f"representations/text/data/{reading.document.position:04d}.txt"
        texts.files.append(_made(path, reading.text.encode(), "text/plain"))
    return (originals, renditions, further, texts)


def _append(group: Group, file: StoredFile | None, title: str) -> None:
    if file is not None:
        position = len(group.files) + 1
        group.files.append(_kept(group, file, file.media_type, title, position))


def _kept(group: Group, file: StoredFile, media_type: str, title: str, position: int) -> Member:
    plain = media_type.partition(";")[0].strip()
    ending = _ENDINGS.get(plain, "bin")
    path = f"representations/{group.name}/data/{position:04d}.{ending}"
    return Member(path, file.sha256, file.size, plain, title)


def folder_of(disposal: DisposalList) -> Path:
    """Return the folder where a list's packages are put, to be taken to the archives."""
    return Path(settings.ARCHIVE_FOLDER) / disposal.number.replace("/", "-")


def hand_over(disposal: DisposalList, progress: Progress) -> None:
    """Write the package of each letter that still waits and read it again.

    What was written before and is still so is not written again. Raise jobs' Unavailable where
    the folder or the vault takes or gives nothing.
    """
    entries = disposal.entries.filter(state=DisposalEntry.State.WAITING).select_related("letter")
    whys: dict[UUID, str] = {}  # of a chain once: its disposal asks again
    for done, entry in enumerate(entries.order_by("pk").iterator(chunk_size=50), 1):
        entry.disposal = disposal
        if entry.letter_id not in whys:
            whys |= dict.fromkeys(kin_of(entry.letter_id), "") | why_they_stay(entry)
        if not _is_written(entry) and not whys[entry.letter_id]:
            _write_and_read(entry)
        progress(done, 0)


def _is_written(entry: DisposalEntry) -> bool:
    path = folder_of(entry.disposal) / f"{package_name(entry.letter)}.zip"
    return bool(entry.package) and path.is_file() and _hash_of(path) == entry.package


def _write_and_read(entry: DisposalEntry) -> None:
    """Keep the package's hash; none where an original is lost, or it is not what it should be."""
    folder = folder_of(entry.disposal)
    package = ""
    try:
        path = write_package(entry.letter, folder)
        if not list(read_package(path)):
            package = _hash_of(path)
    except NotAPackageError:
        pass
    except (OSError, VaultError) as error:
        if getattr(error, "code", "") != "missing":
            raise Unavailable("archive_folder_away", str(error)) from error
        (folder / f"{package_name(entry.letter)}.zip.part").unlink(missing_ok=True)
    rows = DisposalEntry.objects.filter(pk=entry.pk, state=DisposalEntry.State.WAITING)
    rows.update(package=package)


def _hash_of(path: Path) -> str:
    with path.open("rb") as stream:
        return sha256_of(stream)
