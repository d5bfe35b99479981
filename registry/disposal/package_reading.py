"""Reading a package again: every file that its METS names is there, with its hash and size."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

METS: Final = "{http://www.loc.gov/METS/}"
HREF: Final = "{http://www.w3.org/1999/xlink}href"
_CHUNK: Final = 1024 * 1024
_MOST_METS: Final = 50_000_000  # bytes


class NotAPackageError(ValueError):
    """The file is no package: no ZIP, or one without a METS document that can be read."""


def read_package(path: Path) -> Iterator[str]:
    """Yield what is wrong with a package, a line each. Raise NotAPackageError, OSError."""
    try:
        with zipfile.ZipFile(path) as zipped:
            yield from _read(zipped)
    except (zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException) as error:
        raise NotAPackageError(str(error)) from error


def _read(zipped: zipfile.ZipFile) -> Iterator[str]:
    names = {info.filename: info for info in zipped.infolist() if not info.is_dir()}
    mets = next((name for name in names if name.count("/") == 1 and name.endswith("/METS.xml")), "")
    if not mets or names[mets].file_size > _MOST_METS:
        raise NotAPackageError("no METS.xml")
    root = str(PurePosixPath(mets).parent)
    with zipped.open(mets) as stream:
        tree = parse(stream)
    named = {mets}
    for path, told in _references(tree.getroot()):
        name = f"{root}/{path}"
        named.add(name)
        if name not in names:
            yield f"missing: {path}"
        elif (wrong := _wrong(zipped, name, told)) != "":
            yield f"{wrong}: {path}"
    yield from (f"not in METS: {name}" for name in sorted(names.keys() - named))
    if len(named) == 1:
        yield "METS names no file"


def _references(root: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for reference in root.iter(f"{METS}mdRef"):
        yield reference.get(HREF, ""), reference.attrib
    for file in root.iter(f"{METS}file"):
        for place in file.iter(f"{METS}FLocat"):
            yield place.get(HREF, ""), file.attrib


def _wrong(zipped: zipfile.ZipFile, name: str, told: dict[str, str]) -> str:
    if told.get("CHECKSUMTYPE") != "SHA-256":
        return "no SHA-256"
    digest, size = hashlib.sha256(), 0
    with zipped.open(name) as stream:
        while block := stream.read(_CHUNK):
            digest.update(block)
            size += len(block)
    if digest.hexdigest() != told.get("CHECKSUM"):
        return "changed"
    return "" if told.get("SIZE") == str(size) else "other size"
