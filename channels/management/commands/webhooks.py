"""`manage webhooks [PARTNER] [--set URL --test --turn-secret …]`: the messages to partners."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from channels import services
from org.models import User
from org.table_command import actor_of
from registry.states import ConflictError

_SHOWN = 30


class Command(BaseCommand):
    help = "Lists partners' addresses; of one partner sets, tries or turns it, or lists messages."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whom it is about and what is done."""
        parser.add_argument("partner", nargs="?", default="", help="name; without one: all")
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--set", dest="url", metavar="URL", help="'' to send nothing")
        action.add_argument("--turn-secret", action="store_true", help="both are valid for a day")
        action.add_argument("--test", action="store_true", help="send a test; exit 1: not taken")
        action.add_argument("--switch-on", action="store_true")
        action.add_argument("--log", action="store_true", help="the latest messages")
        action.add_argument("--send-again", metavar="ID", help="a message, by its webhook-id")
        parser.add_argument("--events", nargs="+", help="with --set: what is told")
        parser.add_argument("--contact", help="with --set: whom to write to once it is off")
        parser.add_argument("--as", dest="actor", default="", help="user name of who does it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; exit 2 for what cannot be done."""
        actor = actor_of(options["actor"])
        if not options["partner"]:
            for it in services.partners().order_by("name"):
                self._tell(it)
            return
        partner = services.Partner.objects.filter(name=options["partner"]).first()
        if partner is None:
            raise _refused(_("There is no partner of this name."))
        try:
            self._do(partner, actor, options)
        except services.CallError as error:
            raise _refused(_("This address cannot be called.")) from error
        except services.BadWebhookError as error:
            words = _("--%(option)s: not known, or not an address.")
            raise _refused(words % {"option": error.field}) from error
        except ConflictError as error:
            raise _refused(_("This cannot be done now.")) from error

    def _do(self, partner: services.Partner, actor: User | None, options: dict[str, Any]) -> None:
        if options["url"] is not None:
            more = {"events": options["events"], "contact": options["contact"], "renew": False}
            self._secret(services.set_webhook(partner.pk, url=options["url"], actor=actor, **more))
        elif options["turn_secret"]:
            self._secret(services.turn_secret(partner.pk, actor=actor))
        elif options["test"]:
            trial = services.try_now(services.trial_message(partner, actor=actor))
            self._message(trial)
            if trial.error:
                raise CommandError(_("The test was not taken."))
        elif options["switch_on"]:
            services.switch_on(partner.pk, actor=actor)
        elif options["send_again"]:
            row = partner.deliveries.filter(message_id=options["send_again"]).first()
            if row is None:
                raise _refused(_("There is no such message."))
            services.send_again(row.pk, actor=actor)
        elif options["log"]:
            for message in services.deliveries_of(partner).order_by("-pk")[:_SHOWN]:
                self._message(message)
        else:
            self._tell(partner)

    def _secret(self, secret: str) -> None:
        self.stdout.write(secret or _("It is set; the secret stays."))

    def _tell(self, partner: services.Partner) -> None:
        off = partner.webhook_off_why
        state = f"off: {off}" if off else "on" if partner.webhook_url else "nowhere"
        told = {
            "partner": partner.name,
            "url": partner.webhook_url,
            "events": partner.webhook_events,
            "contact": partner.webhook_contact,
            "state": state,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))

    def _message(self, row: services.Delivery) -> None:
        told = {
            "id": row.message_id,
            "type": row.type,
            "state": row.state,
            "attempts": row.attempts,
            "answer_code": row.answer_code,
            "error": row.error,
            "next_at": row.next_at.isoformat() if row.next_at else None,
        }
        self.stdout.write(json.dumps(told))


def _refused(why: str) -> CommandError:
    return CommandError(why, returncode=2)
