"""`manage send_figures PERSON [--list]`: a person's ordered figures by mail, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

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
            words = f"There is no person with the user name {options['person']!r}."
            raise CommandError(words, returncode=2)
        orders = list(orders_of(person))
        if not orders:
            raise CommandError("This person has ordered no figures by mail.", returncode=1)
        for order in orders:
            narrowed = " ".join(filter(None, (order.department, order.kind, order.channel)))
            if not options["list"]:
                send_now(order)
            said = "ordered" if options["list"] else "asked for"
            self.stdout.write(f"{said}: {order.every}, months: {order.months} {narrowed}".rstrip())
