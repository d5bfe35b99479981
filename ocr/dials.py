"""The figures on the dial of a meter, read from a photo, and never guessed.

Components of ink that stand in a row are straightened and read by the digit reader, several times
over; whatever is not the same each time, is unsure, or stands between two figures, is doubtful.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr.children.confined import Child, options
from ocr.errors import ReaderFailed, Unreadable
from ocr.limits import Limits
from sandbox.process import ChildDied, how_it_ended

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class DialRead:
    """The figures, "" with a `doubt` where they are not certain."""

    index: str
    doubt: str = ""


def read_dial_in_child(path: Path, *, digits: int, seconds: float) -> DialRead:
    """Read the dial on a photo in a confined process; `digits` are those of the register, 0: any.

    Raise Unreadable for a file that is no picture, ReaderFailed where the child crashes.
    """
    arguments = ["dial", *options(path, None, seconds, Limits()), "--number", str(digits)]
    with Child(arguments, reads=[path]) as child:
        try:
            out = child.everything(seconds)
        except ChildDied as death:
            raise Unreadable("timeout", "dial") from death
        try:
            event = json.loads(out)
            if event.get("event") == "error":
                raise Unreadable(event["code"], event["detail"])
            return DialRead(str(event["index"]), str(event["doubt"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ReaderFailed(how_it_ended(child.status())) from None


def read_dial(picture: Image.Image, *, digits: int = 0) -> DialRead:
    """Read the dial on a picture in colours."""
    from ocr.dial_figures import read_row
    from ocr.dial_rows import rows_of

    return _together([DialRead(*read_row(row, digits)) for row in rows_of(picture)])


def _together(seen: list[DialRead]) -> DialRead:
    """Return the figures in which all readings of the picture agree."""
    indexes = {one.index for one in seen if one.index}
    doubts = [one.doubt for one in seen if one.doubt]
    if len(indexes) > 1:
        return DialRead("", "several")
    for doubt in ("turning", "unsure"):
        if doubt in doubts:
            return DialRead("", doubt)
    if indexes and sum(one.index in indexes for one in seen) >= 2:
        return DialRead(indexes.pop())
    if not seen:
        return DialRead("", "no_figures")
    return DialRead("", doubts[0] if doubts else "unsure")
