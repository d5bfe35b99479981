"""Real things for tests: small real files, and letters registered through the front door."""

import io
import itertools
import time
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from correspondence.kinds import OutgoingEvent
from identity.models import ApiToken
from identity.tokens import make_token
from jobs import runner
from jobs.models import Job
from org.models import Department, LetterKind, User
from registry.book.closing import close_registers
from registry.changes import record_change
from registry.intake import IncomingFile, LetterData, PartyData, Received, receive_letter
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from registry.models.readers import DepartmentReader
from web.signin.middleware import SINCE

_count = itertools.count(1)


def person(username: str) -> User:
    """One of the demo organisation's people, read fresh."""
    return User.objects.get(username=username)


def freshly_signed_in(client: Client) -> None:
    """Make a session that `force_login` began one whose person has just given the password."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["seen_at"] = session[SINCE] = int(time.time())
    session.save()


def api_key(username: str, **limits: Any) -> str:
    """Return the key of an API token of this person, used today; for everything if unsaid."""
    made = {"name": "tests", "access": "write"} | limits
    token, key = make_token(person=person(username), **made)
    ApiToken.objects.filter(pk=token.pk).update(used_on=timezone.localdate())
    return key


def department(code: str) -> Department:
    """A department by its code."""
    return Department.objects.get(code=code)


def kind(code: str) -> LetterKind:
    """A letter kind by its code."""
    return LetterKind.objects.get(code=code)


def close_so_far(*, actor: User | None = None) -> list[DailyClosing]:
    """A closing of all that was done until now, in the midst of the day."""
    return close_registers(day=timezone.localdate(), actor=actor)


def file(name: str, content: bytes) -> IncomingFile:
    """An arriving file."""
    return IncomingFile(name, io.BytesIO(content))


def text_file(text: str = "", *, name: str = "lettre.txt") -> IncomingFile:
    """A plain-text letter; without words, one that no other letter equals."""
    return file(name, (text or f"Monsieur, voici la lettre {next(_count)}.").encode())


def own_pdf(html: str = "", *, pages: int = 1) -> bytes:
    """A PDF that brings its fonts, with the same words (HTML) on each page."""
    from weasyprint import HTML

    words = html or f"Lettre {next(_count)}"
    style = "<style>body { font: 12pt 'Noto Naskh Arabic', 'DejaVu Sans' }</style>"
    body = "".join(f"<p style='break-after: page'>{words}</p>" for _ in range(pages))
    return bytes(HTML(string=f"<body>{style}{body}</body>").write_pdf())


def pdf_bytes(text: str = "", *, pages: int = 1) -> bytes:
    """A born-digital PDF with the same Latin text on each page (Helvetica, WinAnsi)."""
    words = (text or f"Lettre {next(_count)}").encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        words = words.replace(special, b"\\" + special)
    lines = b") Tj 0 -16 Td (".join(words.split(b"\n"))
    content = b"BT /F1 12 Tf 60 780 Td (" + lines + b") Tj ET"
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *[
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>"
        ]
        * pages,
    ]
    return _pdf_of(objects)


def _pdf_of(objects: list[bytes]) -> bytes:
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def pdf(text: str = "", *, pages: int = 1, name: str = "lettre.pdf") -> IncomingFile:
    """A born-digital PDF as it arrives."""
    return file(name, pdf_bytes(text, pages=pages))


def picture_bytes(text: str = "", *, form: str = "PNG") -> bytes:
    """A white page of 600 × 800 pixels with words on it; no two are equal unless `text` is."""
    image = Image.new("RGB", (600, 800), "white")
    words = text or f"Lettre numéro {next(_count)}"
    ImageDraw.Draw(image).multiline_text((40, 60), words, fill="black", font_size=22)
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def picture(text: str = "", *, form: str = "PNG", name: str = "") -> IncomingFile:
    """A picture of a letter as it arrives."""
    return file(name or f"scan.{form.lower()}", picture_bytes(text, form=form))


def deposit(
    *,
    subject: str = "Fuite d'eau",
    actor: User | None = None,
    channel: str = "counter",
    sender: str = "Client d'essai",
    files: Iterable[IncomingFile] | None = None,
    departments: Iterable[str] = (),
    deposit_key: str = "",
    key_says_all: bool = False,
    message: str = "",
    **data: Any,
) -> Received:
    """Register a letter through the front door; what is not given is small, real and unlike others.

    `departments` (codes) may read it at once, as if the office had addressed it to them. Every
    other keyword is a field of LetterData.
    """
    parties = data.pop("parties", [PartyData("sender", name=sender)] if sender else [])
    received = receive_letter(
        LetterData(channel=channel, subject=subject, parties=parties, **data),
        actor=actor,
        files=[text_file()] if files is None and not message else files or (),
        message=message,
        deposit_key=deposit_key,
        key_says_all=key_says_all,
    )
    for code in departments:
        address(received.letter, code)
    return received


def address(letter: Letter, code: str) -> DepartmentReader:
    """Let a department read the letter, with the event that seals it."""
    with transaction.atomic():
        row = DepartmentReader.objects.create(letter=letter, department=department(code))
        record_change(
            letter, OutgoingEvent.ADDRESSED, actor=None, data={"department": code}, rows=[row]
        )
    return row


def drain(*kinds: str) -> int:
    """Do all jobs that are due (of these kinds only, where kinds are named); return how many.

    A job that fails stays in the outbox: a test looks at it there.
    """
    if not kinds:
        return runner.drain()
    done = 0
    for job_id, _ in runner.due_jobs(limit=10_000):
        if Job.objects.get(pk=job_id).kind in kinds:
            done += runner.run_job(job_id)
    return done
