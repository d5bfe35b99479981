"""The paper of a reply that has no number yet: its PDF, and pictures of its pages, kept a while."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.utils import timezone

from correspondence.acting.rights import UNDER_WAY, steps_of
from correspondence.models.replies import Reply
from correspondence.models.states import ReplyState
from correspondence.replies.preview import draw_preview, stamp_preview
from ocr.caches import pictures_folder
from ocr.children.sandbox import render_in_child
from ocr.drawing import drawn_once, made_once
from ocr.errors import ReaderFailed, Unreadable
from org.institution import institution_on
from org.models import User
from registry.archival.laying import facts_of
from registry.archival.problems import NotArchival
from registry.files.receiving import VaultError
from registry.files.vault import get_vault, open_path
from registry.models.files import StoredFile
from web.shared.as_pdf import may_be_pdf, pdf_of

PDF: Final = "application/pdf"
BEFORE: Final = (ReplyState.DRAFT, *UNDER_WAY)
# Of a text that is drawn while somebody waits; a longer one would hold the web server for minutes.
MOST_LETTERS, MOST_LINES = 30_000, 1_000


class PaperAwayError(Exception):
    """The paper of a reply cannot be shown."""


def may_be_shown(reply: Reply) -> bool:
    """Return whether a PDF can be made of the reply, judged by its kind of file or length."""
    if reply.state not in BEFORE:
        return False
    file = reply.archive_file or reply.file
    if file is None:
        return len(reply.body) <= MOST_LETTERS and reply.body.count("\n") <= MOST_LINES
    return file.media_type == PDF or may_be_pdf(file.media_type)


def paper_of(reply: Reply, *, viewer: User, patience: float | None = None) -> Path:
    """Return the path of the reply's PDF as it would go out now, made once for each state of it.

    Raise PaperAwayError, and PictureDelayed where it is being made still after `patience` seconds.
    """
    if not may_be_shown(reply):
        raise PaperAwayError
    folder = _folder(reply, viewer)
    return _made(folder / "paper.pdf", lambda: _drawn(reply, viewer), patience=patience)


def page_count(paper: Path, *, patience: float) -> int:
    """Return how many pages a paper has. Raise as `paper_of` does."""
    pages = paper.with_name("pages")
    told = _made(pages, lambda: f"{facts_of(paper).pages}".encode(), patience=patience)
    return int(told.read_text())


def picture_of_page(paper: Path, number: int, *, width: int, patience: float) -> Path:
    """Return the path of a picture of a page. Raise as `ocr.drawing.drawn_once` does."""
    target = paper.parent / f"{number}-{width}.webp"

    def draw() -> bytes:
        return render_in_child(paper, PDF, number, width, turn=0)

    return drawn_once(target, draw, patience=patience)


def _folder(reply: Reply, viewer: User) -> Path:
    """Return the folder of what the viewer sees of the reply in its present state."""
    institution = institution_on()
    facts = [
        *(reply.pk, reply.changed_at.isoformat(), reply.archive_file_id, viewer.pk),
        *(timezone.localdate(), institution.pk if institution else 0),
        *((step.pk, step.state) for step in steps_of(reply)),
    ]
    key = hashlib.sha256(repr(facts).encode()).hexdigest()
    return pictures_folder() / key[:2] / key


def _drawn(reply: Reply, viewer: User) -> bytes:
    file = reply.archive_file or reply.file
    if file is None:
        return draw_preview(reply, viewer=viewer)
    if file.media_type == PDF:
        with open_path(file.sha256) as path:
            return stamp_preview(reply, path, viewer=viewer)
    with tempfile.TemporaryDirectory(prefix="sijill-preview-") as folder:
        path = Path(folder) / "letter.pdf"
        path.write_bytes(pdf_of(_content(file)))
        return stamp_preview(reply, path, viewer=viewer)


def _content(file: StoredFile) -> bytes:
    with get_vault().open(file.sha256) as stream:
        return bytes(stream.read())


def _made(target: Path, make: Callable[[], bytes], *, patience: float | None = None) -> Path:
    """Return the file, made first where it is not there. Raise PaperAwayError, PictureDelayed."""

    def made() -> bytes:
        try:
            return make()
        except (NotArchival, Unreadable, ReaderFailed, VaultError, OSError) as error:
            raise PaperAwayError from error

    return made_once(target, made, patience=patience)
