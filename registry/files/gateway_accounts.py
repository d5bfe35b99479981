"""Accounts of a Versity gateway, made by its own interface for administrators.

Its program takes the secret of an account in its command line alone, which everybody on the
machine may read; here it goes in the body of a signed request.
"""

import hashlib
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from registry.files.vault_s3 import ObjectVault

SERVER: Final = "VERSITYGW"  # as it names itself in each answer
_THERE: Final = 409


class AccountError(Exception):
    """The account was not made; the text is the store's own."""


def is_gateway(vault: ObjectVault) -> bool:
    """Return whether the vault's store is such a gateway. Raise botocore's errors.

    Its bucket alone is queried: a key for one bucket of a store elsewhere may list no others.
    """
    told = vault.client.head_bucket(Bucket=vault.bucket)["ResponseMetadata"]["HTTPHeaders"]
    return bool(told.get("server", "") == SERVER)


def keep_account(vault: ObjectVault, owner: str, *, name: str, secret: str) -> None:
    """Make the account, or give it this secret where it is there; it may do nothing yet.

    `owner` is the address by which the store's owner comes. Raise AccountError, botocore's errors.
    """
    words = f"<Secret>{escape(secret)}</Secret>"
    body = f"<Account><Access>{escape(name)}</Access>{words}<Role>user</Role></Account>"
    answer = _ask(vault, owner, "create-user", body)
    if answer.status_code == _THERE:
        changed = f"<MutableProps>{words}</MutableProps>"
        answer = _ask(vault, owner, f"update-user?access={quote(name, safe='')}", changed)
    if answer.status_code >= 300:
        raise AccountError(f"{answer.status_code} {answer.text[:300]}")


def _ask(vault: ObjectVault, owner: str, path: str, body: str) -> Any:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    from botocore.httpsession import URLLib3Session

    url, told = urlsplit(owner), vault.client.meta
    content = body.encode()
    request = AWSRequest(
        "PATCH",
        f"{told.endpoint_url}/{path}",
        headers={"X-Amz-Content-SHA256": hashlib.sha256(content).hexdigest()},
        data=content,
    )
    known = Credentials(unquote(url.username or ""), unquote(url.password or ""))
    SigV4Auth(known, "s3", told.region_name).add_auth(request)
    trusted = parse_qs(url.query).get("ca_certs", [True])[0]
    return URLLib3Session(verify=trusted, timeout=60).send(request.prepare())
