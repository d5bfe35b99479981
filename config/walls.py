"""A line at each start for each part of the sandbox that this system does not allow."""

from collections.abc import Callable

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config.starting import UNFIT
from sandbox.strength import holds_nothing, missing_walls
from web.shared.walls import wall_words


def warn_of_walls(say: Callable[[str], object]) -> None:
    """Say a line for each missing wall. Raise CommandError in PRODUCTION where none holds."""
    missing = missing_walls()
    if missing is None:
        say(_("Files of strangers: the walls around them could not be tried in time."))
    for wall in missing or ():
        what, remedy = wall_words(wall)
        say(_("Files of strangers: %(what)s %(remedy)s") % {"what": what, "remedy": remedy})
    if settings.PRODUCTION and holds_nothing():
        raise CommandError(
            _(
                "PRODUCTION=yes, but nothing confines the files of strangers here: see the lines "
                "above and docs/operations.md."
            ),
            returncode=UNFIT,
        )
