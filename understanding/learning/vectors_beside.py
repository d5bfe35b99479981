"""The sentence vectors of many letters, computed by processes of their own where asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

import numpy as np

from understanding.learning.classification import vector_of

PART: Final = 256  # letters that a process is given at once


@contextmanager
def computed_vectors(texts: Sequence[str], *, beside: bool) -> Iterator[Callable[[], Any]]:
    """Yield a function that returns the vectors of `texts`, shape (texts, 1024), or (texts, 0).

    With `beside` two processes of their own compute them while the block does something else;
    where one is killed, they are computed here.
    """
    if not beside:
        yield partial(_vectors_of, texts)
        return
    parts = [texts[start : start + PART] for start in range(0, len(texts), PART)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_vectors_of, part) for part in parts]

        def result() -> Any:
            try:
                return np.concatenate([future.result() for future in futures])
            except BrokenProcessPool:
                return _vectors_of(texts)

        yield result


def _vectors_of(texts: Sequence[str]) -> Any:
    return np.array([vector_of(text) for text in texts])
