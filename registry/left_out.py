"""Attachments that stay inside their mail: which and why, as an event of the letter keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from language.lines import one_line

MOST_NAMED: Final = 1000
TOO_MANY: Final = "too_many_attachments"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An attachment that became no document; `mail` is the index of its mail among the files."""

    code: str
    name: str
    mail: int


def left_out_data(left_out: Sequence[LeftOut], *, after: int = 0) -> dict[str, Any]:
    """Return what an event says of them; `after` are the documents that the letter had before.

    All are counted; the first thousand are named, with the position of their mail.
    """
    data: dict[str, Any] = {"refused": [one.code for one in left_out]}
    if left_out:
        data["attachments_left"] = [
            {"mail": one.mail + 1 + after, "name": one_line(one.name, 100), "code": one.code}
            for one in left_out[:MOST_NAMED]
        ]
    return data
