"""`manage partner_keys list|make|replace|revoke [NAME|KEY]`: the keys of partners' systems."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from channels.services import BadKeyError, PartnerKey, all_keys, make_key, replace_key, revoke_key
from org.models import User
from org.table_command import actor_of
from registry.states import ConflictError


class Command(BaseCommand):
    """List, make, replace and revoke keys of partners; a new key is written once, to stdout."""

    help = "list, make, replace or revoke the keys of partners' systems"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the action, what it is about, and what a new key opens."""
        parser.add_argument("action", choices=["list", "make", "replace", "revoke"])
        parser.add_argument("about", nargs="?", default="", help="a partner's name, or a key's")
        parser.add_argument("--deposit", action="store_true", help="make: it may deposit letters")
        parser.add_argument("--follow", action="store_true", help="make: it may follow its letters")
        parser.add_argument("--per-hour", type=int, default=600, help="make: requests an hour")
        parser.add_argument("--as", dest="actor", default="", help="user name of who does it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the action; exit 2 for what cannot be done."""
        about: str = options["about"]
        if options["action"] == "list":
            return self._list(about)
        actor = actor_of(options["actor"])
        if actor is None:
            raise _refused(_("Say who does it: --as with a user name."))
        if options["action"] == "make":
            return self._make(about, actor, options)
        key = PartnerKey.objects.filter(public=about.removeprefix("sjl_")).first()
        if key is None:
            raise _refused(_("There is no such key."))
        try:
            if options["action"] == "replace":
                self.stdout.write(replace_key(key.pk, actor=actor)[1])
            else:
                revoke_key(key.pk, actor=actor)
        except ConflictError as error:
            raise _refused(_("This key is replaced or revoked already.")) from error
        return None

    def _list(self, partner: str) -> None:
        keys = all_keys().order_by("partner__name", "pk")
        for key in keys.filter(partner__name=partner) if partner else keys:
            rights = [name for name in ("deposit", "follow") if getattr(key, f"may_{name}")]
            ends = f"until {key.ends_at:%Y-%m-%d}" if key.ends_at else "-"
            used = f"used {key.used_on:%Y-%m-%d}" if key.used_on else "-"
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else ends
            line = (key.public, ",".join(rights), f"{key.per_hour}/h", state, used)
            self.stdout.write("\t".join([*line, key.partner.name]))

    def _make(self, partner: str, actor: User, options: dict[str, Any]) -> None:
        try:
            _key, text = make_key(
                partner=partner,
                may_deposit=options["deposit"],
                may_follow=options["follow"],
                per_hour=options["per_hour"],
                actor=actor,
            )
        except BadKeyError as error:
            words = _("Give a name, --deposit or --follow, and a limit from 1 to 100,000 an hour.")
            raise _refused(words) from error
        self.stdout.write(text)


def _refused(why: str) -> CommandError:
    return CommandError(why, returncode=2)
