"""The second reader: the PP-OCRv6 small models of the rapidocr wheel, run by onnxruntime.

Its detector finds lines of every script, its recogniser reads Latin ones. The wheel's own Python is
not imported: it would bring its downloads and three times the memory along.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.engines.components import blobs_of
from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.engines.hashes import sha256_of
from ocr.errors import EngineFailed, EngineTimeout

logger = logging.getLogger(__name__)

Floats = NDArray[np.float32]

DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
MODELS = {  # SHA-256 of the models in rapidocr 3.10.0
    DETECTOR: "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    RECOGNISER: "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
_LONGEST_SIDE = 960  # of the picture the detector sees; larger finds hardly more at twice the cost
_SIDE_STEP = 32  # the detector wants sides that are multiples of this
_INK, _SURE = 0.3, 0.5  # a pixel of a line; the mean over a line (rapidocr's thresh, box_thresh)
_GROWTH = 1.6  # the detector sees the core of a line (rapidocr's unclip_ratio)
_LINE_HEIGHT, _COLUMN = 48, 8  # pixels: of a line for the recogniser; of one of its answers
_LONGEST_LINE = 3200  # pixels at that height
_BATCH_PIXELS = 48 * 1600  # of one run of the recogniser, which needs a kilobyte for each
_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 16 * 1024 * 1024  # of malloc.h; bytes
_BLANK = 0
_LATIN_SIGNS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŒàâäæçèéêëîïôöùûüÿœ"
    "!\"#$%&'()*+,-./:;<=>?@[\\]_{|}~«»°€£§²’‘“”–—…№ "
)


def find_second_reader(folder: Path | None = None) -> RapidReader | None:
    """Return the second reader when it is installed and its models are the measured ones."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    if folder is None:
        package = importlib.util.find_spec("rapidocr")
        if package is None or not package.origin:
            return None
        folder = Path(package.origin).parent / "models"
    for name, digest in MODELS.items():
        if sha256_of(folder / name) != digest:
            logger.warning("the second reader's model %s is missing or altered: not used", name)
            return None
    return RapidReader(folder)


class RapidReader:
    """The `contract.SecondReader` whose models are loaded at first use, one thread each."""

    name = "rapidocr/PP-OCRv6-small"
    languages = frozenset({"fr", "en"})

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._detector: Any = None
        self._recogniser: Any = None
        self._signs: list[str] = []
        self._columns: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def find_lines(self, picture: Image.Image, *, seconds: float) -> list[PixelBox]:
        """Return boxes of lines, as `SecondReader.find_lines` says."""
        if self._detector is None:
            self._detector = _session(self._folder / DETECTOR)
        factor = min(1.0, _LONGEST_SIDE / max(picture.size))
        size = tuple(
            max(1, round(side * factor / _SIDE_STEP)) * _SIDE_STEP for side in picture.size
        )
        small = picture.convert("L").resize((size[0], size[1]), Image.Resampling.BILINEAR)
        heat = _run(self._detector, _normal(np.asarray(small))[None])[0, 0]
        grow_x, grow_y = picture.width / size[0], picture.height / size[1]
        return [
            (
                max(0.0, left * grow_x),
                max(0.0, top * grow_y),
                min(float(picture.width), right * grow_x),
                min(float(picture.height), bottom * grow_y),
            )
            for left, top, right, bottom in _cores(heat)
        ]

    def read_lines(
        self, picture: Image.Image, boxes: Sequence[PixelBox], *, seconds: float
    ) -> list[SeenLine | None]:
        """Read lines as `SecondReader.read_lines` says; lines of like width go in batches."""
        deadline = time.monotonic() + seconds
        self._load_recogniser()
        grey = picture.convert("L")
        pieces = [_Piece.cut(grey, box) for box in boxes]
        out: list[SeenLine | None] = [None] * len(pieces)
        order = sorted(range(len(pieces)), key=lambda n: pieces[n].width)
        for batch in _batches(order, pieces):
            if time.monotonic() > deadline:
                raise EngineTimeout("the second reader took too long")
            for number, chances in zip(
                batch, self._recognise([pieces[n] for n in batch]), strict=True
            ):
                out[number] = self._line(chances, pieces[number])
        return out

    def _load_recogniser(self) -> None:
        if self._recogniser is not None:
            return
        self._recogniser = _session(self._folder / RECOGNISER)
        signs = self._recogniser.get_modelmeta().custom_metadata_map["character"].split("\n")
        known = ["", *signs, " "]  # the model's order: blank, its signs, the space
        columns = [
            n for n, sign in enumerate(known) if n == _BLANK or (sign and sign in _LATIN_SIGNS)
        ]
        self._columns = np.array(columns)
        self._signs = [known[n] for n in columns]

    def _recognise(self, pieces: list[_Piece]) -> list[Floats]:
        """Return for each piece the probability of each of `_signs` at each column."""
        wide = max(piece.width for piece in pieces)
        batch = np.zeros((len(pieces), 3, _LINE_HEIGHT, wide), dtype=np.float32)
        for n, piece in enumerate(pieces):
            batch[n, :, :, : piece.width] = _normal(piece.pixels)
        chances = _run(self._recogniser, batch)[:, :, self._columns]
        return [chances[n, : -(-piece.width // _COLUMN) + 1] for n, piece in enumerate(pieces)]

    def _line(self, chances: Floats, piece: _Piece) -> SeenLine | None:
        """Return the likeliest signs: repeats and blanks dropped, cut into words at spaces."""
        best = chances.argmax(axis=1)
        fresh = np.concatenate([[True], best[1:] != best[:-1]]) & (best != _BLANK)
        words: list[SeenWord] = []
        text, sure, at = "", [0.0], [0]
        for column in [*np.flatnonzero(fresh), -1]:
            sign = self._signs[best[column]] if column >= 0 else " "
            if sign != " ":
                text += sign
                sure.append(float(chances[column, best[column]]))
                at.append(int(column))
            elif text:
                box, confidence = piece.box_of(at[1], at[-1]), float(np.mean(sure[1:]))
                words.append(SeenWord(text, box, confidence, by="rapid"))
                text, sure, at = "", [0.0], [0]
        return SeenLine(tuple(words), 0) if words else None


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A line cut out of a page: grey pixels `_LINE_HEIGHT` high, and where it stood."""

    pixels: NDArray[np.uint8]
    box: PixelBox

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @classmethod
    def cut(cls, picture: Image.Image, box: PixelBox) -> _Piece:
        left, top = max(0, int(box[0])), max(0, int(box[1]))
        right = min(picture.width, max(left + 1, round(box[2])))
        bottom = min(picture.height, max(top + 1, round(box[3])))
        wide = round((right - left) * _LINE_HEIGHT / max(bottom - top, 1))
        wide = min(max(wide, _LINE_HEIGHT), _LONGEST_LINE)
        piece = picture.crop((left, top, right, bottom))
        piece = piece.resize((wide, _LINE_HEIGHT), Image.Resampling.BILINEAR)
        return cls(np.asarray(piece), (float(left), float(top), float(right), float(bottom)))

    def box_of(self, first: int, last: int) -> PixelBox:
        """Return the box on the page of the columns `first` to `last` of the model's answer."""
        left, top, right, bottom = self.box
        step = (right - left) * _COLUMN / self.width
        return (
            max(left, left + (first - 0.5) * step),
            top,
            min(right, left + (last + 1.5) * step),
            bottom,
        )


def _cores(heat: Floats) -> list[tuple[float, float, float, float]]:
    """Return boxes of the detector's blobs, grown to whole lines; pixels of its picture."""
    out = []
    for blob in blobs_of(heat > _INK):
        high, wide = blob.mask.shape
        if min(high, wide) < 3 or float(heat[blob.place][blob.mask].mean()) < _SURE:
            continue
        grow = high * wide * _GROWTH / (2 * (high + wide))
        left, top, right, bottom = blob.box
        out.append((left - grow, top - grow, right + grow, bottom + grow))
    return out


def _batches(order: list[int], pieces: list[_Piece]) -> list[list[int]]:
    """Return the pieces, narrow first, in batches of bounded size."""
    out: list[list[int]] = []
    for number in order:
        wide = pieces[number].width * _LINE_HEIGHT
        if out and (len(out[-1]) + 1) * wide <= _BATCH_PIXELS:
            out[-1].append(number)
        else:
            out.append([number])
    return out


def _normal(pixels: NDArray[np.uint8]) -> Floats:
    """Scale grey 0..255 to three equal colours -1..1."""
    grey = pixels.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(grey, (3, *grey.shape))


def _session(model: Path) -> Any:
    import onnxruntime

    _give_memory_back()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has a class of its own for every failure
        raise EngineFailed(f"second reader: {type(error).__name__}") from None


def _give_memory_back() -> None:
    """Let the allocator map large blocks singly and free them at once.

    Pictures of varying sizes leave gaps in its arena otherwise, and the process grew to 700 MB.
    (Smaller blocks so treated save a little more memory and cost a third more time.)
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        allocator.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def _run(session: Any, batch: Floats) -> Floats:
    try:
        answer: Floats = session.run(None, {session.get_inputs()[0].name: batch})[0]
    except Exception as error:
        raise EngineFailed(f"second reader: {type(error).__name__}") from None
    return answer
