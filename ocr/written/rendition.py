"""Office documents as PDF, by LibreOffice where it is installed: pages to show beside their text.

It runs in the child that opens untrusted files, within its walls: a profile of its own, no macros,
no links followed, no network. No Django.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from ocr.children.confined import Child, options
from ocr.errors import ReaderFailed, Unreadable
from ocr.limits import Limits
from ocr.media import family, sniff
from sandbox.process import ChildDied

RENDERED: Final = frozenset({"docx", "odt", "xlsx", "rtf"})
SECONDS: Final = 120.0
_PROGRAMS = ("soffice", "libreoffice")
_RESTART: Final = 81  # LibreOffice asks to be started again, with a profile that is new
_SETTINGS: Final = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "2"},  # never
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "2"},
}
_ITEM = """\
<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>
"""
_PROFILE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""


@cache
def office_program() -> Path | None:
    """Return LibreOffice's program, or None where it is not installed.

    What is found by its name is a shell script that starts it; no shell is needed in its place.
    """
    found = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if found is None:
        return None
    started = Path(found).resolve()
    program = started.with_name("soffice.bin")
    return program if program.is_file() else started


def render_in_child(
    path: Path, out: Path, *, media_type: str | None = None, seconds: float = SECONDS
) -> int:
    """Write an office document as PDF; return how many pages it has.

    Raise Unreadable (unsupported: no such document, or no LibreOffice; timeout; damaged) and
    ReaderFailed.
    """
    arguments = options(path, media_type, seconds, Limits())
    program = office_program()
    with Child(
        ["office", *arguments, "--out", str(out.absolute())],
        reads=[path, *([program.parent.parent] if program else [])],
        writes=[out.parent],
        programs=[program.parent] if program else [],
    ) as child:
        try:
            said = child.everything(seconds)
        except ChildDied as death:
            raise Unreadable("timeout", "office") from death
        try:
            event = json.loads(said)
            if event["event"] == "end":
                return int(event["total"])
            problem = Unreadable(str(event["code"]), str(event["detail"]))
        except (ValueError, KeyError, TypeError):
            raise ReaderFailed("the office program ended without an answer") from None
        raise problem


def render(path: Path, out: Path, *, media_type: str | None, seconds: float) -> int:
    """Write an office document as PDF in this process; return its pages. Raise Unreadable."""
    program = office_program()
    kind = _kind(path, media_type)
    if program is None or kind not in RENDERED:
        raise Unreadable("unsupported", "no rendition of this")
    with tempfile.TemporaryDirectory(prefix="sijill-office-") as name:
        scratch = Path(name)
        source = scratch / f"document.{kind}"
        shutil.copyfile(path, source)
        _run(program, source, scratch, seconds)
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise Unreadable("damaged", "LibreOffice made nothing of it")
        total = _pages(made)
        shutil.move(made, out)
    return total


def _kind(path: Path, media_type: str | None) -> str:
    try:
        return family(sniff(path))
    except Unreadable:
        return family(media_type or "")


def _run(program: Path, source: Path, scratch: Path, seconds: float) -> None:
    profile = scratch / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_profile(), "utf-8")
    command = [
        str(program),
        f"-env:UserInstallation={profile.parent.as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", _export(source.suffix), "--outdir", str(scratch), str(source)),
    ]
    try:
        code = _RESTART
        for _time in range(2):
            if code == _RESTART:
                code = _ended(command, scratch, seconds)
    except subprocess.TimeoutExpired:
        raise Unreadable("timeout", "office") from None
    except OSError:
        code = -1
    if code:
        raise Unreadable("damaged", "LibreOffice failed")


def _ended(command: list[str], scratch: Path, seconds: float) -> int:
    return subprocess.run(
        command,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=seconds,
        check=False,
    ).returncode


def _export(suffix: str) -> str:
    """Return LibreOffice's PDF/A-2b export filter, as replies it renders are numbered and kept."""
    writer = "calc" if suffix == ".xlsx" else "writer"
    return f'pdf:{writer}_pdf_Export:{{"SelectPdfVersion":{{"type":"long","value":"2"}}}}'


def _profile() -> str:
    items = [
        _ITEM.format(path=path, name=name, value=value)
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    ]
    return _PROFILE.format(items="".join(items))


def _pages(pdf: Path) -> int:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
        total = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged", type(error).__name__) from None
    return total
