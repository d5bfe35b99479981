"""The kinds of files that the office knows, and what is said of one. No Django."""

from dataclasses import dataclass
from typing import Literal

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
TNEF = "application/ms-tnef"
TEXT = "text/plain"
IMAGES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}

Mark = Literal["", "macros", "scripts"]


class RefusedError(Exception):
    """The file is not taken; `code` says why (registry.refusals has the words)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Media:
    """The type of a file. `problem` is a code when it can be registered but not read.

    `mark` says what in it would run on the machine of who opens it.
    """

    media_type: str
    problem: str = ""
    mark: Mark = ""
