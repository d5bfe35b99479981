"""`manage api_tokens make|list|revoke NAME`: a person's API tokens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from identity.models import Access, ApiToken, Area
from identity.tokens import USUAL_DAYS, BadTokenError, in_force, make_token, revoke_token
from org.models import User


class Command(BaseCommand):
    """Make, list and revoke API tokens."""

    help = "make, list or revoke the API tokens of a person"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the action, the person's user name, and what the token is to be."""
        parser.add_argument("action", choices=["make", "list", "revoke"])
        parser.add_argument("username")
        parser.add_argument("begins", nargs="?", default="", help="revoke: the key's first letters")
        parser.add_argument("--name", default="manage api_tokens")
        parser.add_argument("--read", action="store_true", help="the token may only read")
        parser.add_argument("--area", action="append", default=[], choices=Area.values)
        parser.add_argument("--days", type=int, default=USUAL_DAYS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the action. Raise CommandError where there is no such person or token."""
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("There is nobody of this name."), returncode=2)
        do = {"make": self._make, "list": self._list, "revoke": self._revoke}
        do[options["action"]](person, options)

    def _make(self, person: User, options: dict[str, Any]) -> None:
        try:
            _token, key = make_token(
                person=person,
                name=options["name"],
                access=Access.READ if options["read"] else Access.WRITE,
                areas=options["area"],
                days=options["days"],
            )
        except BadTokenError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(key)

    def _list(self, person: User, options: dict[str, Any]) -> None:
        for token in in_force(person):
            ends = f"{token.expires_at:%Y-%m-%d}" if token.expires_at else "-"
            used = f"{token.used_on:%Y-%m-%d}" if token.used_on else "-"
            areas = ",".join(token.areas) or "all"
            line = (token.public, token.access, areas, f"until {ends}", f"used {used}", token.name)
            self.stdout.write("\t".join(line))

    def _revoke(self, person: User, options: dict[str, Any]) -> None:
        wanted = options["begins"]
        found = list(ApiToken.objects.filter(person=person, public=wanted, revoked_at=None))
        if not wanted or not found:
            raise CommandError(_("There is no token in force that begins so."), returncode=2)
        for token in found:
            revoke_token(token, actor=None)
