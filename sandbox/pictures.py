"""Pictures that people give, opened by a confined child alone."""

from __future__ import annotations

import atexit
import base64
import binascii
import tempfile
from collections.abc import Sequence
from typing import Any, Final

from sandbox.process import ChildDied
from sandbox.warm import WarmChildren

_SECONDS: Final = 30.0
_children: Final = WarmChildren("sandbox.drawing")
atexit.register(_children.end)


class PictureError(Exception):
    """It cannot be drawn; `code` is none (it is no picture) or too_many (points)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def as_png(
    content: bytes, *, formats: Sequence[str], most_pixels: int, size: tuple[int, int]
) -> bytes:
    """Return the picture, upright, as a PNG of at most this size. Raise PictureError."""
    asked = _asked(formats, most_pixels, *size)
    try:
        return base64.b64decode(_answer(content, asked)["png"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise PictureError("none") from error


def is_blank(content: bytes, *, formats: Sequence[str], most_pixels: int) -> bool:
    """Return whether the picture is of one colour. Raise PictureError."""
    return bool(_answer(content, _asked(formats, most_pixels, 0, 0)).get("blank"))


def _asked(formats: Sequence[str], most_pixels: int, width: int, height: int) -> dict[str, Any]:
    return {"formats": [*formats], "pixels": most_pixels, "width": width, "height": height}


def _answer(content: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            answer: dict[str, Any] = _children.ask(asked, file, seconds=_SECONDS)
        except ChildDied as death:
            raise PictureError("none") from death
    if refused := answer.get("refused"):
        raise PictureError(str(refused))
    return answer
