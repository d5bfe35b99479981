"""A file is refused for its child's end only after a fresh child has ended on it too."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from sandbox.process import ChildDied
from sandbox.warm import ChildrenBusy, WarmChildren


@pytest.fixture
def paper() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(b"la lettre")
        file.seek(0)
        yield file


def test_a_file_is_tried_with_a_fresh_child_before_it_is_at_fault(paper: BinaryIO) -> None:
    children = WarmChildren("tests.sandbox.child_that")
    for _again in range(2):  # the second finds a child that ends on it
        assert children.ask({"ends": False}, paper, seconds=60) == {"text": "la lettre"}
        paper.seek(0)
    with pytest.raises(ChildDied) as death:
        children.ask({"ends": True}, paper, seconds=60)
    assert not isinstance(death.value, ChildrenBusy)
    children.end()


def test_a_child_that_does_not_start_is_not_the_fault_of_the_file(paper: BinaryIO) -> None:
    with pytest.raises(ChildrenBusy):
        WarmChildren("tests.sandbox.no_such_child").ask({}, paper, seconds=60)
