"""`manage end_access NAME [--deactivate]`: end a person's sessions, tokens and known devices."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from identity import events
from identity.ending import end_access
from identity.kinds import SecurityKind
from identity.staff import set_active
from org.errors import BadOrganisationError
from org.models import User


class Command(BaseCommand):
    """For a lost telephone, a stolen computer, or a person who leaves."""

    help = "end all sessions, API tokens and known devices of a person"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name and what else ends."""
        parser.add_argument("username")
        parser.add_argument("--deactivate", action="store_true", help="nor may they sign in again")
        parser.add_argument(
            "--second-step", action="store_true", help="remove app, passkeys and codes, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raise CommandError where there is no such person."""
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("There is nobody of this name."), returncode=2)
        if options["second_step"]:
            self.stdout.write(_remove_second_step(person))
        if options["deactivate"]:
            _deactivate(person)
            self.stdout.write(_("The account is closed."))
        else:
            end_access(person, actor=None, reason="command")
        self.stdout.write(_("Sessions, API tokens and known devices have ended."))


def _remove_second_step(person: User) -> str:
    """Remove app, passkeys and codes, and return what was done in words."""
    removed, _each = Authenticator.objects.filter(user_id=person.pk).delete()
    if not removed:
        return _("There was no second step.")
    events.record(SecurityKind.FACTOR_REMOVED, person=None, subject=person, way="command")
    return _("App, passkeys and recovery codes were removed.")


def _deactivate(person: User) -> None:
    try:
        set_active(person, False, actor=None)
    except BadOrganisationError as error:
        raise CommandError(" ".join(error.problems.values())) from error
