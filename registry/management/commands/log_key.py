"""`manage log_key show|rotate|compromised|lost`: the life of the key that signs the log."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry.problem_words import NO_KEY
from registry.proof.keys import KeyChangeError, begin_again, change_key, stated_keys
from signer.client import Client, Refused, Unavailable
from signer.note import NoteError, read_key
from signer.statements import COMPROMISE, ROTATION


class Command(BaseCommand):
    """Show or replace the key."""

    help = "show: the keys that the log tells of. rotate, compromised: another key follows. lost: \
fill a new, empty log with all entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is to be done, and --old."""
        parser.add_argument("do", choices=["show", "rotate", "compromised", "lost"])
        parser.add_argument("--old", default="", help="the verifier key that was lost")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the keys, the newest last; exit 2 where the signer does not do it."""
        try:
            if options["do"] == "lost":
                begin_again(old=_key_of(options["old"]))
            elif options["do"] != "show":
                change_key(ROTATION if options["do"] == "rotate" else COMPROMISE)
            status = Client(settings.SIGNER_SOCKET).status()
        except KeyChangeError as error:
            raise CommandError(str(error), returncode=2) from error
        except Unavailable as error:
            raise CommandError(_("The signer does not answer."), returncode=2) from error
        except Refused as error:
            words = _("The signer refuses: %(why)s") % {"why": error}
            raise CommandError(words, returncode=2) from error
        known = stated_keys()
        for key in known.keys:
            size = known.replaced.get(key.public)
            self.stdout.write(f"{key}{'' if size is None else f' until {size}'}")
        if status.key not in map(str, known.keys):
            self.stdout.write(_("%(key)s: not in the log yet") % {"key": status.key})


def _key_of(text: str) -> str:
    """Return a verifier key as it was given, "" for none. Raise CommandError."""
    try:
        return str(read_key(text)) if text else ""
    except NoteError as error:
        raise CommandError(NO_KEY % {"option": "--old"}, returncode=2) from error
