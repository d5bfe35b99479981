"""The process in which pictures that people give are drawn anew: `python -m sandbox.drawing serve`.

It stays, and answers a line for each open file that it is handed: the picture as a PNG of nothing
but pixels, or why not; or whether it is of one colour.
"""

from __future__ import annotations

import base64
import io
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sandbox.limits import more_cpu
from sandbox.serve import Allowance, Answer, Request, handed, say, serve

if TYPE_CHECKING:
    from PIL import Image

_ALLOWANCE: Final = Allowance(
    address_bytes=2_048_000_000, memory_bytes=500_000_000, file_bytes=1_000_000
)
_CPU_SECONDS: Final = 20.0


def draw_all(request: Request) -> None:
    """Answer for each file until the parent is gone."""
    for question, file in handed(request.pipe):
        more_cpu(_CPU_SECONDS)
        try:
            answer = _answer(file, question)
        except MemoryError:
            return
        except Exception:  # decoders raise anything on hostile bytes
            answer = {"refused": "none"}
        say(answer)


def _answer(file: BinaryIO, asked: dict[str, Any]) -> Answer:
    from PIL import Image, ImageOps

    with Image.open(file, formats=asked["formats"]) as found:
        if found.width * found.height > asked["pixels"]:
            return {"refused": "too_many"}
        picture = ImageOps.exif_transpose(found).convert("RGBA")
    if not asked["width"]:
        return {"blank": picture.getcolors(1) is not None}
    picture.thumbnail((asked["width"], asked["height"]))
    return {"png": base64.b64encode(_png(picture)).decode()}


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(serve({"serve": draw_all}, allowance=_ALLOWANCE, refusals={}))
