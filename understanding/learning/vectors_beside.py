"""The sentence vectors of many letters, computed by a process of their own where asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from understanding.learning.classification import vector_of


@contextmanager
def computed_vectors(texts: Sequence[str], *, beside: bool) -> Iterator[Callable[[], Any]]:
    """Yield a function that returns the vectors of `texts`, shape (texts, 1024), or (texts, 0).

    With `beside` a process of its own computes them while the block does something else; where it
    is killed, they are computed here.
    """
    if not beside:
        yield partial(_vectors_of, texts)
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        future = pool.submit(_vectors_of, texts)

        def result() -> Any:
            try:
                return future.result()
            except BrokenProcessPool:
                return _vectors_of(texts)

        yield result


def _vectors_of(texts: Sequence[str]) -> Any:
    return np.array([vector_of(text) for text in texts])
