"""`manage begin_register CODE FIRST`: the first number of a register's year."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from org.errors import BadOrganisationError
from org.table_command import actor_of
from registry.book.beginning import begin_with
from registry.book.registers import next_number
from registry.book.versions import face_on
from registry.models.registers import Register


class Command(BaseCommand):
    """Say the first number of a year. Exit 0: said, 2: no such register, or numbers were given."""

    help = "An office that goes on from paper: the number after its last one, before any is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the register, the number, and on whose behalf it is said."""
        parser.add_argument("code")
        parser.add_argument("first", type=int)
        parser.add_argument("--as", dest="actor", default="", help="user name of who says it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say it, and print the number that comes next."""
        actor = actor_of(options["actor"])
        register = Register.objects.filter(code=options["code"].upper()).first()
        if register is None:
            words = _("There is no register of the code “%(code)s”.")
            raise CommandError(words % {"code": options["code"]}, returncode=2)
        try:
            begin_with(register, options["first"], actor=actor)
        except BadOrganisationError as error:
            raise CommandError(str(error), returncode=2) from error
        coming = next_number(register, face_on(register))
        self.stdout.write(f"{timezone.localdate().year} {register.code}: {coming}")
