"""The models of SCIM, which a request to it imports, are built at a third of their price."""

import inspect
import sys
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _a_frame_names_its_module() -> Iterator[None]:
    """Spare pydantic the walk through all modules, for each frame of a deep stack and each model.

    It looks for the text of a class in the frame whose module is the class's; a frame names it.
    """
    searched = inspect.getmodule

    def named(thing: Any, *more: Any) -> ModuleType | None:
        if isinstance(thing, FrameType):
            return sys.modules.get(thing.f_globals.get("__name__", ""))
        return searched(thing, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect, "getmodule", named)
        yield
