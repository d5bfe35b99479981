"""`manage send_figures PERSON [--list]`: a person's ordered figures by mail, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from figures.reports import orders_of, send_now
from org.models import User


class Command(BaseCommand):
    """Queue all reports that a person has ordered, or list them; a worker sends them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the person's user name and the option."""
        parser.add_argument("person", metavar="PERSON", help="user name")
        parser.add_argument("--list", action="store_true", help="send nothing, list the orders")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; exit 1 where there is nothing ordered, 2 for an unknown person."""
        person = User.objects.filter(username=options["person"]).first()
        if person is None:
            words = _("There is nobody with the user name “%(name)s”.")
            raise CommandError(words % {"name": options["person"]}, returncode=2)
        orders = list(orders_of(person))
        if not orders:
            raise CommandError(_("This person has ordered no figures by mail."), returncode=1)
        for order in orders:
            narrowed = " ".join(filter(None, (order.department, order.kind, order.channel)))
            if not options["list"]:
                send_now(order)
            said = "ordered" if options["list"] else "asked for"
            self.stdout.write(f"{said}: {order.every}, months: {order.months} {narrowed}".rstrip())
