"""Vectors of many letters by a process of their own: the same, and also where it is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal

import numpy as np
import pytest

from understanding.learning.vectors_beside import computed_vectors

TEXTS = [f"Demande de raccordement n° {n}, quartier Al Massira." for n in range(30)]


@pytest.fixture(scope="module")
def here() -> np.ndarray:
    with computed_vectors(TEXTS, beside=False) as vectors:
        return np.asarray(vectors())


def test_another_process_computes_the_same(here: np.ndarray) -> None:
    with computed_vectors(TEXTS, beside=True) as vectors:
        assert (vectors() == here).all()


def test_where_it_is_killed_they_are_computed_here(here: np.ndarray) -> None:
    with computed_vectors(TEXTS, beside=True) as vectors:
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        assert (vectors() == here).all()
