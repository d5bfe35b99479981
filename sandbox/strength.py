"""What this system does not allow of the walls around confined children, tried once."""

from __future__ import annotations

import json
import logging
from typing import Final

from sandbox.process import ChildDied, SandboxedProcess
from sandbox.walls import Wall

log = logging.getLogger(__name__)
# Where none of these holds, a file that breaks its reader has the whole office.
HOLDING: Final[frozenset[Wall]] = frozenset({"landlock", "seccomp", "namespaces"})
_SELF_TEST: Final = "sandbox.self_test"
_SECONDS: Final = 30.0
_tried: dict[str, tuple[Wall, ...]] = {}  # by the module of the child


def missing_walls(trial: str = _SELF_TEST, *, seconds: float = _SECONDS) -> tuple[Wall, ...] | None:
    """Return the walls that a child of this office cannot build, () where all hold.

    None where the child took too long to try them, as on a machine under load: the next call tries
    again.
    """
    if trial not in _tried:
        with SandboxedProcess(trial, []) as child:
            try:
                _tried[trial] = tuple(json.loads(child.everything(seconds)))
            except ChildDied as death:
                if death.code == "timeout":
                    log.warning("the walls around files could not be tried: %s", death)
                    return None
                _tried[trial] = tuple(sorted(HOLDING))
            except ValueError:  # it ended before its answer
                _tried[trial] = tuple(sorted(HOLDING))
    return _tried[trial]


def holds_nothing() -> bool:
    """Return whether no wall holds at all; False where that could not be tried."""
    return set(missing_walls() or ()) >= HOLDING
