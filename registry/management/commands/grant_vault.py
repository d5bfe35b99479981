"""`manage grant_vault --url-file FILE`: let an account do the office's work in the bucket."""

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from org.file_errors import unreadable
from registry.files.gateway_accounts import AccountError, is_gateway, keep_account
from registry.files.vault import get_vault
from registry.files.vault_s3 import ObjectVault

_OF_BUCKET: Final = ("ListBucket", "ListBucketVersions", "GetBucketObjectLockConfiguration")
_OF_OBJECTS: Final = (
    *("GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion"),
    *("GetObjectRetention", "PutObjectRetention", "GetObjectLegalHold"),
    *("AbortMultipartUpload", "ListMultipartUploadParts"),
)


class Command(BaseCommand):
    help = (
        "Run with VAULT_URL of the bucket's owner: the account in FILE's VAULT_URL may read, write "
        "and lock objects, and remove those whose lock has ended, but change neither locks nor the "
        "bucket. The account is there already, or is made. Harmless to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the address that the office is given."""
        parser.add_argument("--url-file", type=Path, required=True)
        parser.add_argument(
            "--make-account",
            action="store_true",
            help="make the account first, or give it the secret in FILE: of a Versity gateway",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Grant it. Exit 2 for a file that names no account of this bucket."""
        vault, url = get_vault(), _address(options["url_file"])
        if not isinstance(vault, ObjectVault):
            self.stderr.write(_("The originals lie in a folder; there is no account to let in."))
            return
        if url == settings.VAULT_URL:
            self.stdout.write(_("The office works as the bucket’s owner: nothing to grant."))
            return
        account, bucket = _account(url)
        if bucket != vault.bucket:
            raise CommandError(_("The file names another bucket than VAULT_URL."), returncode=2)
        if account == unquote(urlsplit(settings.VAULT_URL).username or ""):
            self.stdout.write(_("The office works as the bucket’s owner: nothing to grant."))
            return
        try:
            if options["make_account"]:
                self._make_account(vault, url)
            words = json.dumps(_policy(bucket, account))
            vault.client.put_bucket_policy(Bucket=bucket, Policy=words)
        except (BotoCoreError, ClientError, AccountError) as error:
            words = _("It was not granted: %(why)s") % {"why": error}
            raise CommandError(words, returncode=1) from error
        words = _("%(account)s reads and writes objects; the bucket is its owner’s.")
        self.stdout.write(words % {"account": account})

    def _make_account(self, vault: ObjectVault, url: str) -> None:
        if not is_gateway(vault):
            self.stderr.write(_("The store is no Versity gateway: its accounts are made there."))
            return
        parts = urlsplit(url)
        name, secret = unquote(parts.username or ""), unquote(parts.password or "")
        keep_account(vault, settings.VAULT_URL, name=name, secret=secret)


def _address(file: Path) -> str:
    """Return the VAULT_URL in a file."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise CommandError(unreadable(file, error), returncode=2) from error


def _account(address: str) -> tuple[str, str]:
    """Return the account and the bucket in a VAULT_URL."""
    try:
        url = urlsplit(address)
    except ValueError as error:
        raise CommandError(_("The file holds no address."), returncode=2) from error
    if url.scheme != "s3" or not url.username or not url.path.strip("/"):
        raise CommandError(_("The file names no account of a bucket."), returncode=2)
    return unquote(url.username), url.path.strip("/")


def _policy(bucket: str, account: str) -> dict[str, Any]:
    def allowed(actions: tuple[str, ...], resource: str) -> dict[str, Any]:
        return {
            "Effect": "Allow",
            "Principal": {"AWS": [account]},
            "Action": [f"s3:{action}" for action in actions],
            "Resource": [f"arn:aws:s3:::{resource}"],
        }

    rows = [allowed(_OF_BUCKET, bucket), allowed(_OF_OBJECTS, f"{bucket}/*")]
    return {"Version": "2012-10-17", "Statement": rows}
