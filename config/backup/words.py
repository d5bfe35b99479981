"""What the commands of backup and restore tell a person, in the office's language."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.file_errors import file_error
from org.written_days import date_format
from registry.files.receiving import VaultError

NOT_RESTORED: Final = gettext_lazy("It was not restored: %(why)s")
_VAULT: Final = {
    "away": gettext_lazy("the vault of originals does not answer"),
    "full": gettext_lazy("the vault of originals is full"),
    "missing": gettext_lazy("the vault of originals is not there: manage make_vault"),
    "unlocked": gettext_lazy("the vault of originals locks nothing: manage make_vault"),
}
_AWAY: Final = gettext_lazy("it does not answer")
_REFUSED: Final = gettext_lazy("it refuses the user, the key or the password")
_UNKNOWN_HOST: Final = gettext_lazy(
    "nobody has vouched for the key of this server: compare it with the one that its "
    "administrator names, and add it to known_hosts"
)
# What the clients of SFTP and S3 raise, by class, and what a store answers, by code.
_PLACES: Final = {
    "BadHostKeyException": gettext_lazy(
        "the server shows another key than known_hosts has for it: find out why before anything is "
        "sent there"
    ),
    "PasswordRequiredException": gettext_lazy(
        "the key has a passphrase, which nobody types at night: take one without"
    ),
    "AuthenticationException": _REFUSED,
    "NoValidConnectionsError": _AWAY,
    "ConnectionError": _AWAY,
    "TimeoutError": _AWAY,
    "EOFError": _AWAY,
    "gaierror": gettext_lazy("there is no such host"),
    "EndpointConnectionError": _AWAY,
    "ConnectTimeoutError": _AWAY,
    "ReadTimeoutError": _AWAY,
    "ConnectionClosedError": _AWAY,
    "ProxyConnectionError": _AWAY,
    "SSLCertVerificationError": gettext_lazy("its certificate is not one that is trusted here"),
    "SSLError": _AWAY,  # it hung up, which TLS tells in its own way
    "NoCredentialsError": gettext_lazy("no key is named in the address, and this machine has none"),
    "InvalidAccessKeyId": _REFUSED,
    "SignatureDoesNotMatch": _REFUSED,
    "AccessDenied": gettext_lazy("it does not allow this"),
    "403": gettext_lazy("it does not allow this"),
    "NoSuchBucket": gettext_lazy("there is no such bucket"),
    "QuotaExceeded": gettext_lazy("it is full"),
    "InsufficientStorage": gettext_lazy("it is full"),
    "XMinioStorageFull": gettext_lazy("it is full"),
}
_ENDED: Final = "CommandError: "


def why(error: Exception) -> str:
    """Return the reason of a failure in words; an error of the vault is a code by itself."""
    if isinstance(error, VaultError):
        return str(_VAULT.get(error.code, error))
    if isinstance(error, OSError):
        return f"{error.filename}: {file_error(error)}" if error.filename else file_error(error)
    return str(error)


def store_code(error: Exception) -> str:
    """Return what a store called its refusal, "" for none; boto3 wraps it where it uploads."""
    for one in (error, error.__context__):
        response: Any = getattr(one, "response", None)
        if isinstance(response, dict):
            return str(response["Error"]["Code"])
    return ""


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    """Yield what led to an error, the first of it first, and the error."""
    if error is not None:
        yield from _led_to(error.__cause__ or error.__context__)
        yield error


def place_words(error: Exception) -> str:
    """Return why a server of backups was not reached, or refused, in words.

    What no table knows is named by its code or class: messages of clients repeat addresses.
    """
    code = store_code(error)
    names = (
        [code] if code else [one.__name__ for met in _led_to(error) for one in type(met).__mro__]
    )
    known = next((words for name in names if (words := _PLACES.get(name))), None)
    if known:
        return str(known)
    if isinstance(error, OSError) and error.errno:
        return file_error(error)
    said = _UNKNOWN_HOST if "not found in known_hosts" in str(error) else None
    return str(said) if said else names[0]


def moment_words(moment: str) -> str:
    """Return a moment (ISO 8601) as people of the office write it."""
    return date_format(timezone.localtime(datetime.fromisoformat(moment)), "DATETIME_FORMAT")


def last_words(said: str, command: str) -> str:
    """Return why a command ended by what it said, without what is told of it here too.

    It may have logged before it ended; of a long text the end is kept.
    """
    said = said.rpartition(_ENDED)[2].strip()
    said = said.removeprefix(NOT_RESTORED % {"why": ""})[-500:]
    return said or _("%(command)s failed") % {"command": command}
