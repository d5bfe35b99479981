"""Refusing to start: every process that serves people or does work asks here first."""

import sys
from collections.abc import Sequence
from typing import Final

from config import env
from config.start_problems import READ, Problem, problems

UNFIT: Final = 78  # EX_CONFIG of sysexits.h: starting again changes nothing


def given() -> dict[str, str]:
    """The variables that decide whether the office may start, as text."""
    return {name: env.text(name) for name in READ}


def refuse_when_unfit() -> None:
    """End the process with all that is wrong in one block; nothing for an office that is fit."""
    if found := problems(given()):
        sys.stderr.write(f"{told(found)}\n")
        sys.exit(UNFIT)


def told(found: Sequence[Problem]) -> str:
    """All problems in one block, a line for each."""
    lines = [f"  {problem.setting}: {problem.words}" for problem in found]
    return "\n".join(
        [
            f"Sijill does not start: {len(found)} of its settings are not fit (docs/settings.md).",
            *lines,
        ]
    )
