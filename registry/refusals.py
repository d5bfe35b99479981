"""Reasons why a deposit or a file is refused, in the person's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from language.bidi import isolate

_WORDS: dict[str, Any] = {
    "empty": _("The file %(name)s is empty."),
    "unreadable": _("The file %(name)s cannot be opened."),
    "executable": _("The file %(name)s is a program, not a document."),
    "not_allowed": _(
        "The file %(name)s is of a type that is not taken. Taken are PDF, pictures (JPEG, PNG, "
        "TIFF, WebP, HEIC), DOCX, ODT, XLSX, plain text and mails (EML, MSG)."
    ),
    # Where a form asks for some kinds alone:
    "not_picture": _(
        "The file %(name)s is no picture. Taken here are pictures alone (JPEG, PNG, TIFF, WebP, "
        "HEIC)."
    ),
    "not_pdf": _("The file %(name)s is no PDF. Taken here are PDF alone."),
    "not_paper": _(
        "The file %(name)s is neither a PDF nor a picture. Taken here are PDF and pictures (JPEG, "
        "PNG, TIFF, WebP, HEIC) alone."
    ),
    "not_plan": _(
        "The file %(name)s is neither a PDF nor a picture nor a drawing. Taken here are PDF, "
        "pictures (JPEG, PNG, TIFF, WebP, HEIC) and drawings (DWG, DXF) alone."
    ),
    "locked": _(
        "The file %(name)s is locked by a password: nobody here could read it. Send a copy without "
        "the password, or a photo of the paper."
    ),
    "damaged": _("The file %(name)s is damaged or incomplete. Please send it again."),
    "too_large": _("The file %(name)s is larger than %(limit)s MB."),
    "too_many_pages": _("The file %(name)s has more than %(pages)s pages."),
    "too_many_pixels": _("The picture %(name)s is too large (over %(pixels)s megapixels)."),
    "too_many_files": _("More than %(files)s files in one deposit."),
    "nothing": _("Add at least one file or write a message."),
    "infected": _("The file %(name)s holds a virus and was not taken."),
    "scanner_away": _("The virus scanner is away. Please try again in a few minutes."),
    "readers_busy": _(
        "The files could not be checked just now. Please try again in a few minutes."
    ),
    "vault_full": _("There is no room for files at the moment. Nothing was registered."),
    "vault_away": _("The file store cannot be reached at the moment. Nothing was registered."),
    "register_away": _(
        "The register cannot be written at the moment. Please try again in a few minutes."
    ),
    "not_kept": _("The file %(name)s was not kept. Please choose it again."),
    "no_register": _("There is no register with the code %(name)s."),
    "not_set_up": _("This office has no registers yet: its administrator has to set it up first."),
    "other_content": _(
        "This was registered already as %(name)s, with other content. What is new in it is not "
        "registered."
    ),
    "bad_value": _("The value of %(name)s is not usable."),
}
# Those that lie in a file, which is named: sent again, it is refused again.
FILE_FAULTS = frozenset(
    {
        *("empty", "unreadable", "executable", "not_allowed", "damaged", "too_large"),
        *("too_many_pages", "too_many_pixels", "infected", "locked"),
        *("not_picture", "not_pdf", "not_paper", "not_plan"),
    }
)
# Those of the office and not of a file: sent again in a few minutes, it may be taken.
PASSING = frozenset({"vault_full", "vault_away", "scanner_away", "readers_busy", "register_away"})
PROBLEMS: dict[str, Any] = {
    "encrypted": _("The document is locked by a password. Ask the sender for an open copy."),
    "damaged": _("The document is damaged and could not be read."),
    "unsupported": _("The document is of a kind that cannot be read."),
    "too_large": _("The document is too large to be read."),
    "empty": _("Nothing was found on the pages."),
    "timeout": _("Reading took too long and was stopped."),
    "crashed": _("The reader failed on this document."),
    "worker_lost": _("The reader failed each time on this document."),
    "handwriting": _("Handwriting: a person must read it."),
    "doubtful": _(
        "It looks like handwriting or very poor print: the text is a guess, a person must check it."
    ),
    "attachment_refused": _("An attachment of the mail could not be taken; it stays in the mail."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: a stable code, and the file or field it is about."""

    code: str
    name: str = ""

    def words(self) -> str:
        """Return the reason in the current language; names are isolated from its direction."""
        values = {
            "name": isolate(self.name),
            "limit": settings.UPLOAD_MAX_MB,
            "pages": settings.UPLOAD_MAX_PAGES,
            "pixels": settings.UPLOAD_MAX_MEGAPIXELS,
            "files": settings.UPLOAD_MAX_FILES,
        }
        return str(_WORDS[self.code]) % values


def passing(refusals: Iterable[Refusal]) -> bool:
    """Return whether all of it passes by itself: what is sent again unchanged may be taken."""
    codes = {refusal.code for refusal in refusals}
    return bool(codes) and codes <= PASSING


class DepositRefusedError(Exception):
    """Nothing was registered; `refusals` holds every reason found."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(r.code for r in refusals))
        self.refusals = refusals


class OtherContentError(DepositRefusedError):
    """The key of this deposit was used for other content; `number` is that letter's."""

    def __init__(self, number: str) -> None:
        super().__init__(Refusal("other_content", number))
        self.number = number


def problem_words(code: str) -> str:
    """Return what a document's problem code means, in the current language."""
    return str(PROBLEMS.get(code, _("The document could not be read.")))
