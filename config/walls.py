"""A line at each start for each part of the sandbox that this system does not allow."""

from collections.abc import Callable

from django.conf import settings
from django.core.management.base import CommandError

from config.starting import UNFIT
from sandbox.strength import REMEDIES, holds_nothing, missing_walls


def warn_of_walls(say: Callable[[str], object]) -> None:
    """Say a line for each missing wall. Raise CommandError in PRODUCTION where none holds."""
    missing = missing_walls()
    if missing is None:
        say("Files of strangers: the walls around them could not be tried in time.")
    for wall in missing or ():
        say(f"Files of strangers: {REMEDIES[wall]}")
    if settings.PRODUCTION and holds_nothing():
        raise CommandError(
            "PRODUCTION=yes, but nothing confines the files of strangers here: see the lines above "
            "and docs/operations.md.",
            returncode=UNFIT,
        )
