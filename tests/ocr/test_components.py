"""The connected components of ink, and what a child that reads is spared by finding them so."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ocr.engines.components import blobs_of


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=24)), st.booleans())
def test_they_are_those_that_scipy_finds_in_its_order(ink: np.ndarray, diagonals: bool) -> None:
    from scipy import ndimage  # imported here alone

    labels, count = ndimage.label(ink, np.ones((3, 3), dtype=int) if diagonals else None)
    blobs = blobs_of(ink, diagonals=diagonals)
    assert [blob.place for blob in blobs] == ndimage.find_objects(labels, count)
    for number, blob in enumerate(blobs, start=1):
        assert (blob.mask == (labels[blob.place] == number)).all()


def test_what_reads_a_page_does_without_scipy() -> None:
    program = "import sys, ocr.pipeline, ocr.pdf.pages, ocr.engines.digits; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "ocr.engines.rapid" in told
    assert "scipy" not in told
