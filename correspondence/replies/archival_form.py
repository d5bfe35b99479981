"""Archival form of an uploaded reply: PDF/A before number and signature, or its author's choice.

The upload itself stays in the vault, and goes into the register beside its archival form.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from correspondence.acting.changing import changing_reply
from correspondence.acting.verbs import ReplyVerb
from correspondence.kinds import OutgoingEvent
from correspondence.models.replies import Reply
from org.models import User
from registry.archival.making import Conversion, make_archival
from registry.archival.problems import NotArchival
from registry.files.receiving import VaultError, receive
from registry.files.stored import stored_row
from registry.files.vault import get_vault, open_path
from registry.models.files import StoredFile
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

PDF: Final = "application/pdf"
AS_IS: Final = "as_is"
# The author's options where a file was not made archival by itself: the way, and the action.
_CONVERSIONS: Final[dict[str, Conversion]] = {
    "text": "text",
    "copy": "unsigned",
    "picture": "pictures",
}
_WAYS: Final = {
    "signed": ("copy", "picture", AS_IS),
    "timeout": ("text", "picture", AS_IS),
    "unsupported": (AS_IS,),
}
PROBLEM_WORDS: Final[dict[str, Any]] = {
    "signed": _("It carries a digital signature, which a copy made to last would lose."),
    "damaged": _("It is damaged: it cannot be opened."),
    "too_large": _("It is too large, or has too many pages."),
    "timeout": _("It took too long."),
    "unfit": _("It lacks its fonts, or holds colours or layers that an archive does not take."),
    "changed": _("The copy would have looked or read otherwise than the file."),
    "unsupported": _("Files of this kind are not made into PDF/A."),
}


@dataclass(frozen=True, slots=True)
class ArchivalForm:
    """The archival form of an upload: the PDF/A, its level (Reply.ArchivalLevel), and why not."""

    file: StoredFile | None = None
    level: str = ""
    problem: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the result as the columns of the reply."""
        names = ("archive_file", "archive_level", "archive_problem")
        return dict(zip(names, (self.file, self.level, self.problem), strict=True))


def to_pdfa(file: StoredFile, *, way: str, language: str) -> ArchivalForm:
    """Convert a PDF or an image to PDF/A; another document becomes PDF when it is signed.

    `way`: text, copy (a signature in it is lost) or picture. Raise NotAllowedError for a locked
    file.
    """
    image = file.media_type.startswith("image/")
    if not image and file.media_type != PDF:
        return ArchivalForm()
    picture = image or way == "picture"
    try:
        made = _made(file, conversion="image" if image else _CONVERSIONS[way], language=language)
    except NotArchival as problem:
        if problem.code == "encrypted":
            raise NotAllowedError(
                _("This PDF is locked with a password: give one that is not.")
            ) from problem
        return ArchivalForm(problem=problem.code)
    return ArchivalForm(made, Reply.ArchivalLevel.PICTURE if picture else Reply.ArchivalLevel.TEXT)


def _made(file: StoredFile, *, conversion: Conversion, language: str) -> StoredFile:
    """Return the PDF/A, in the vault; raise NotArchival."""
    with tempfile.TemporaryDirectory(prefix="sijill-archival-") as scratch:
        out = Path(scratch) / "made.pdf"
        try:
            with open_path(file.sha256) as path:
                make_archival(path, out, conversion=conversion, language=language)
        except VaultError as error:
            raise NotArchival("damaged") from error
        with out.open("rb") as stream:
            return stored_row(get_vault().keep(receive(stream)), media_type=PDF)


def archival_name(reply: Reply) -> str:
    """Return the name under which the PDF/A of an upload is sent and filed."""
    return f"{Path(reply.file_name).stem[:240]}.pdf"


def ways_on(reply: Reply) -> tuple[str, ...]:
    """Return how a draft whose file could not be made archival may go on.

    The options are text (once more), copy, picture, as_is; none where no decision is open.
    """
    if not reply.archive_problem or reply.archive_level:
        return ()
    return _WAYS.get(reply.archive_problem, ("picture", AS_IS))


def check_archival_form(reply: Reply) -> None:
    """Raise NotAllowedError while its author has not decided about a file that is not archival."""
    if ways_on(reply):
        words = _("The file was not made into PDF/A: %(why)s Say on the draft how it goes on.")
        raise NotAllowedError(words % {"why": PROBLEM_WORDS.get(reply.archive_problem, "")})


def archival_data(reply: Reply) -> dict[str, str]:
    """Return what the history records of it; empty without a file."""
    said = {"archive": reply.archive_level, "archive_problem": reply.archive_problem}
    return {name: value for name, value in said.items() if value}


def choose_archival_form(reply: Reply, *, actor: User, way: str) -> Reply:
    """Choose how a draft goes on whose file could not be made archival: one of `ways_on`.

    The choice is recorded in the history, also where the result is no better than before. Raise
    NotAllowedError (also where that way fails too), ConflictError.
    """
    file, problem = reply.file, reply.archive_problem
    made = _made_by(way, file, language=reply.language) if file and way in ways_on(reply) else None
    with changing_reply(reply, actor=actor, verb=ReplyVerb.EDIT) as change:
        if made is None:
            raise NotAllowedError(_("Choose one of the ways offered."))
        if made.problem:
            words = _("This way fails too: %(why)s")
            raise NotAllowedError(words % {"why": PROBLEM_WORDS.get(made.problem, "")})
        if reply.file != file or not ways_on(reply):
            raise ConflictError
        change.write(**replace(made, problem=problem).columns())
        change.record(OutgoingEvent.REPLY_LASTING, data={**change.behalf, **archival_data(reply)})
    return reply


def _made_by(way: str, file: StoredFile, *, language: str) -> ArchivalForm:
    """Return what this way makes of the file, before any transaction."""
    if way == AS_IS:
        return ArchivalForm(level=Reply.ArchivalLevel.AS_IS)
    return to_pdfa(file, way=way, language=language)
