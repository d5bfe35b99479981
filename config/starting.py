"""The check of the settings with which every process that serves people or does work begins.

It is done before the settings file is read, so that one bad value does not hide the others.
"""

import sys
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.start_problems import READ, Problem, problems

UNFIT: Final = 78  # EX_CONFIG of sysexits.h: starting again changes nothing


def refuse_when_unfit() -> None:
    """End the process with all that is wrong in one block, where the settings are not valid."""
    texts, unreadable = _read()
    known = {problem.setting for problem in unreadable}
    found = unreadable + [each for each in problems(texts) if each.setting not in known]
    if found:
        sys.stderr.write(f"{report_of(found)}\n")
        sys.exit(UNFIT)


def startup_settings() -> dict[str, str]:
    """Return the variables that decide whether the office may start, by their names."""
    return _read()[0]


def _read() -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    unreadable = []
    for name in READ:
        try:
            texts[name] = env.text(name)
        except ImproperlyConfigured:
            texts[name] = ""
            unreadable.append(Problem(name, f"The file that {name}_FILE names cannot be read."))
    return texts, unreadable


def report_of(found: Sequence[Problem]) -> str:
    """Return the problems in one block, a line for each."""
    head = f"Sijill does not start: {len(found)} of its settings are not fit (docs/settings.md)."
    return "\n".join([head, *(f"  {problem.setting}: {problem.words}" for problem in found)])
