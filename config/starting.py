"""The check of the settings with which every process that serves people or does work begins.

It is done before the settings file is read, so that one bad value does not hide the others.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.start_problems import READ, Problem, problems
from config.told import tell
from org.start_words import gettext as _

UNFIT: Final = 78  # EX_CONFIG of sysexits.h: starting again changes nothing
_LIKENESS: Final = 0.85  # of two names, from which one is taken for the other, misspelt
_LEAST: Final = 7  # letters of a name; shorter ones are alike by chance
_SAID: Final = re.compile(r"([A-Z][A-Z_]+): (.*)", re.DOTALL)


def refuse_when_unfit(*, serves: bool = True) -> None:
    """End the process with all that is wrong in one block, where the settings are not valid.

    A command that serves nobody (`serves` is False) goes on wherever they can be read.
    """
    with env.gathering() as unread:
        given = startup_settings()
    refused, error = _load()
    if not (serves or refused or error):
        return
    told = {name for name, _words in unread}
    found = [*_told(unread), *(each for each in problems(given) if each.setting not in told)]
    known = {problem.setting for problem in found}
    found += [each for each in refused if each.setting not in known]
    if error and not found:
        raise error
    if found:
        sys.stderr.write(f"{report_of(found)}\n")
        sys.exit(UNFIT)
    if serves:
        for words in not_heeded():
            tell(f"Sijill: {words}")


def startup_settings() -> dict[str, str]:
    """Return the variables that decide whether the office may start, by their names."""
    return {name: env.text(name) for name in READ}


def not_heeded() -> Iterator[str]:
    """Yield a line for each variable that is misspelt, or overruled by the file beside it.

    The settings have been read before.
    """
    known = env.asked | {f"{name}_FILE" for name in env.asked}
    for name in sorted(each for each in env.given() - known if len(each) >= _LEAST):
        if meant := get_close_matches(name, known, n=1, cutoff=_LIKENESS):
            words = _("%(name)s is no setting, and is not read: was %(meant)s meant?")
            yield words % {"name": name, "meant": meant[0]}
    for name in sorted(env.overruled):
        words = _(
            "%(name)s is not heeded, since %(file)s says something else: unset one of the two."
        )
        yield words % {"name": name, "file": f"{name}_FILE"}


def report_of(found: Sequence[Problem]) -> str:
    """Return the problems in one block, a line for each."""
    head = _("Sijill does not start. Settings to be mended (docs/settings.md): %(n)d")
    return "\n".join(
        [head % {"n": len(found)}, *(f"  {problem.setting}: {problem.words}" for problem in found)]
    )


def _load() -> tuple[list[Problem], Exception | None]:
    """Read the settings file; return the values that it refuses, and the error that ended it."""
    with env.gathering() as refused:
        try:
            import_module(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"))
        except Exception as error:
            said = _SAID.fullmatch(str(error))
            if isinstance(error, ImproperlyConfigured) and said:
                refused.append((said[1], said[2]))
            return _told(refused), error
    return _told(refused), None


def _told(refused: Sequence[tuple[str, str]]) -> list[Problem]:
    return [Problem(name, words) for name, words in refused]
