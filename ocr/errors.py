"""Errors for files and pages that can't be read: codes for programs, sentences in `problems`."""


class Unreadable(Exception):
    """The file will never be read as it is: retrying is pointless.

    `code` is one of `CODES`; `detail` is for the log and never holds a name or a text of the file.
    """

    CODES = frozenset(
        {
            "empty",  # no bytes, no page, or nothing on it that is text
            "handwriting",  # writing that no engine can read: handwriting, or hardly any ink left
            "doubtful",  # read, but so uncertainly that it may be handwriting: the text is kept
            "encrypted",  # a password is needed
            "damaged",  # not what it claims to be, truncated, broken inside
            "unsupported",  # a kind of file that is not read
            "too_large",  # pixels, pages, memory or unpacked size beyond the limits
            "timeout",  # took longer than a page may take
            "crashed",  # the reader died on it, twice
            "engine",  # the reader is missing or answers nonsense
        }
    )

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in self.CODES:
            raise ValueError(f"unknown code {code!r}")
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class ReaderFailed(Exception):
    """The reader failed for a transient reason: a crash, no memory left, no engine started."""


class PictureDelayed(ReaderFailed):
    """A picture of a page was not made now: others are being made, and it has to wait for them."""


class EngineFailed(ReaderFailed):
    """An engine crashed, is missing, or answered something that is no answer."""


class EngineTimeout(EngineFailed):
    """An engine took longer than its time limit."""
