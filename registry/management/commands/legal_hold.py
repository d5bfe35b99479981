"""`manage legal_hold NUMBER (--place REASON | --lift REASON) --as USER`: hold a letter back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from org.table_command import actor_of
from registry.access import readable_among
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.holds import lift_hold, place_hold
from registry.models.letters import Letter
from registry.states import ConflictError


class Command(BaseCommand):
    """Place or lift a legal hold on somebody's behalf."""

    help = "Exit 1: it is not theirs to do, or there is nothing to lift; 2: no such letter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the letter's number, what to do, and on whose behalf."""
        parser.add_argument("number")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--place", metavar="REASON")
        way.add_argument("--lift", metavar="REASON")
        parser.add_argument("--as", dest="actor", required=True, help="user name of who does it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it."""
        actor = actor_of(options["actor"])
        letter = Letter.objects.filter(number=options["number"]).first()
        if letter is None or actor is None or not readable_among([letter.pk], actor):
            words = _("There is no letter %(number)s that %(person)s may read.")
            told = {"number": options["number"], "person": options["actor"]}
            raise CommandError(words % told, returncode=2)
        try:
            if options["place"] is not None:
                place_hold(letter, actor=actor, reason=options["place"])
            else:
                lift_hold(letter, actor=actor, reason=options["lift"])
        except DisposalNotAllowedError as error:
            raise CommandError(str(error), returncode=1) from error
        except ConflictError as error:
            raise CommandError(_("This letter is not held."), returncode=1) from error
        done = _("The letter is held back."), _("The hold is lifted.")
        self.stdout.write(done[options["place"] is None])
