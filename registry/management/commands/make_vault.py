"""`manage make_vault`: the bucket of VAULT_URL, with object lock, where it is not there yet."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.files.receiving import VaultError
from registry.files.vault import get_vault
from registry.files.vault_s3 import ObjectVault


class Command(BaseCommand):
    """Make the vault's bucket; harmless to repeat."""

    help = "Make the bucket of VAULT_URL with object lock. Harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the address that the office is given, where that is not the owner's."""
        parser.add_argument(
            "--grant", metavar="FILE", type=Path, help="as `grant_vault --url-file FILE`, at once"
        )
        parser.add_argument("--make-account", action="store_true", help="with --grant: the same")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the bucket; exit 1 where the store is away, or the existing bucket locks nothing."""
        self._make()
        if options["grant"]:
            words = {"stdout": self.stdout, "stderr": self.stderr}
            made = {"make_account": options["make_account"]}
            call_command("grant_vault", url_file=options["grant"], **made, **words)

    def _make(self) -> None:
        vault = get_vault()
        if not isinstance(vault, ObjectVault):
            self.stderr.write(_("The originals lie in a folder; there is no bucket to make."))
            return
        try:
            made = vault.make_bucket()
        except VaultError as error:
            if error.code == "unlocked":
                raise CommandError(
                    _(
                        "The bucket is there but locks no objects, and lock_days asks for it. "
                        "Object lock is chosen when a bucket is made: name another one in "
                        "VAULT_URL."
                    )
                ) from error
            raise CommandError(_("The object store cannot be reached.")) from error
        self.stderr.write(_("The bucket was made.") if made else _("The bucket is there already."))
