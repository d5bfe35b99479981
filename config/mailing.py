"""EMAIL_URL: where mails go, and whether they go there encrypted."""

from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.hosts import is_loopback
from org.start_words import gettext as _

_BACKENDS: Final = {"console": "console", "smtp": "smtp", "smtps": "smtp", "file": "filebased"}
_TLS: Final = {"yes": True, "no": False}


def read_mail_address(address: str) -> dict[str, Any]:
    """Return the mail settings of smtp://, smtps://, file:///folder or console://.

    smtp:// begins TLS before anything else is sent (STARTTLS) and verifies the certificate, unless
    the server is on this machine or the address ends in ?tls=no.
    """
    url = urlsplit(address)
    if url.scheme not in _BACKENDS:
        words = _("It begins with smtp://, smtps://, file:/// or console://.")
        raise ImproperlyConfigured(f"EMAIL_URL: {words}")
    host = url.hostname or "localhost"
    told = parse_qs(url.query).get("tls", ["no" if is_loopback(host) else "yes"])[-1]
    if told not in _TLS:
        words = _("In it tls must be yes or no.")
        raise ImproperlyConfigured(f"EMAIL_URL: {words}")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{_BACKENDS[url.scheme]}.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp" and _TLS[told],
        "EMAIL_FILE_PATH": url.path or None,
    }
