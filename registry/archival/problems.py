"""Reasons why a file cannot become a PDF/A: codes that pages and the API translate. No Django."""

from typing import Final

PROBLEMS: Final = (
    "encrypted",  # it asks for a password, or something in it is locked
    "signed",  # it carries a digital signature, which would be lost
    "damaged",  # it cannot be opened, or has no page
    "too_large",  # too many pages, too much memory, or larger than an upload may be
    "timeout",
    "unfit",  # it lacks fonts, or holds what an archive does not take
    "changed",  # what was made of it looked or read otherwise
    "unsupported",  # neither PDF nor image
)


class NotArchival(Exception):
    """The file is not converted to PDF/A; `code` is one of PROBLEMS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in PROBLEMS else "damaged"
