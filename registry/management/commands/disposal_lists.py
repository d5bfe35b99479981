"""`manage disposal_lists [--propose FATE | --do WHAT NUMBER] [--as USER] [--json]`."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from org.models import Department, User
from org.people import permissions_of
from org.table_command import actor_of
from registry.disposal import lists
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.rights import lists_seen_by
from registry.models.disposal import DisposalList
from registry.states import ConflictError

DEEDS: Final = ("review", "approve", "refuse", "order")
MOST: Final = 200


class Command(BaseCommand):
    """Propose a disposal list, decide about one, or print their states."""

    help = "Without --propose and --do: the newest lists. Exit 1: not possible; 2: no such list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what to do and on whose behalf."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--propose", choices=[str(fate) for fate in lists.FATES])
        way.add_argument("--do", nargs=2, metavar=("WHAT", "NUMBER"), help=", ".join(DEEDS))
        parser.add_argument("--department", default="", help="code; without: the whole house")
        parser.add_argument("--reason", default="", help="of a refusal, or the list's remark")
        parser.add_argument("--as", dest="actor", default="", help="user name of who does it")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and print a line for each list."""
        actor = actor_of(options["actor"])
        if (options["propose"] or options["do"]) and actor is None:
            raise CommandError(_("Say on whose behalf: --as USER."), returncode=2)
        try:
            rows = _done(actor, options) if actor else _newest()
        except DisposalNotAllowedError as error:
            raise CommandError(str(error), returncode=1) from error
        except ConflictError as error:
            raise CommandError(_("The list is not at this step."), returncode=1) from error
        told = [_as_json(row) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for row in rows:
            words = row.number, row.get_state_display(), row.get_fate_display()
            count = row.entries.count()
            held = ngettext("%(count)d letter", "%(count)d letters", count) % {"count": count}
            self.stdout.write("\t".join((*words, held, row.digest)).rstrip())


def _newest() -> list[DisposalList]:
    return list(DisposalList.objects.all()[:MOST])


def _done(actor: User, options: dict[str, Any]) -> list[DisposalList]:
    if options["propose"]:
        code = options["department"]
        unit = Department.objects.filter(code=code).first() if code else None
        if code and unit is None:
            words = _("There is no department %(code)s.")
            raise CommandError(words % {"code": code}, returncode=2)
        given = {"fate": options["propose"], "department": unit, "remark": options["reason"]}
        return [lists.propose(actor=actor, **given)]
    seen = lists_seen_by(permissions_of(actor))
    if not options["do"]:
        return list(seen[:MOST])
    what, number = options["do"]
    held = next((row for row in seen[:MOST] if row.number == number), None)
    if what not in DEEDS:
        words = _("With a list one does: %(deeds)s.")
        raise CommandError(words % {"deeds": ", ".join(DEEDS)}, returncode=2)
    if held is None:
        words = _("There is no list %(number)s that %(person)s may see.")
        raise CommandError(words % {"number": number, "person": actor.username}, returncode=2)
    more = {"reason": options["reason"]} if what == "refuse" else {}
    return [getattr(lists, what)(held, actor=actor, **more)]


def _as_json(row: DisposalList) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "fate": row.fate,
        "letters": row.entries.count(),
        "digest": row.digest,
    }
