"""Problems of the office's connections that keep it from starting, for `config.start_problems`.

Each rule yields the setting and the words.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from config.hosts import host_of, is_loopback
from config.served_certificate import server_context
from org.start_words import gettext as _

Given = Mapping[str, str]

READ: Final = ("WEB_CERTIFICATE", "WEB_KEY", "PLAIN_HOSTS", "TRACES_URL", "SECURITY_LOG")
# Their addresses say by the scheme alone whether TLS is spoken; others have a word for it.
_BY_SCHEME: Final = (
    *("BROKER_URL", "CLAMD_URL", "SMS_URL", "TIMESTAMP_URL", "WITNESS_URLS"),
    *("TRACES_URL", "SECURITY_LOG"),
)
_LISTS: Final = {"WITNESS_URLS"}  # of addresses; in others a comma may be of a password
_PLAIN: Final = {"http", "redis", "amqp", "tcp", "udp"}


def is_database_protected(given: Given) -> bool:
    """Return whether the database is on this machine, or the use of TLS is said in the settings."""
    parts = urlsplit(given["DATABASE_URL"])
    near = not parts.hostname or is_loopback(parts.hostname)
    return near or "sslmode" in parse_qs(parts.query) or bool(given.get("PGSSLMODE"))


def mail(given: Given) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the settings of mail and SMS."""
    parts = urlsplit(given.get("EMAIL_URL", ""))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        yield (
            "EMAIL_URL",
            _(
                "Set it to smtp://user:password@host:587 or smtps://…: what is printed or kept as "
                "a file has not been sent."
            ),
        )
    plain = parts.scheme == "smtp" and parse_qs(parts.query).get("tls", [""])[-1] == "no"
    if plain and parts.password and not is_loopback(parts.hostname or ""):
        yield (
            "EMAIL_URL",
            _("With tls=no its password crosses the network in the clear: leave one out."),
        )
    if "@" not in given.get("EMAIL_FROM", ""):
        yield ("EMAIL_FROM", _("Set it to the address that the office writes from."))
    if given.get("SMS_URL", "").startswith("file:"):
        yield ("SMS_URL", _("A file is no message: set it to the gateway’s https://… or none."))


def identity(given: Given) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the identity provider of citizens."""
    url = given.get("EID_URL", "")
    if not url:
        return
    if not url.startswith("https://") or not host_of(url):
        yield ("EID_URL", _("Set it to the https:// address of the OpenID Connect provider."))
    if not given.get("EID_CLIENT_ID"):
        yield ("EID_CLIENT_ID", _("EID_URL is set: set the name of the office there."))


def provider(given: Given) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the identity provider of staff."""
    url = given.get("OIDC_URL", "")
    if url.startswith("http://") and not is_loopback(host_of(url)):
        yield ("OIDC_URL", _("Set it to an https:// address: who is let in comes from there."))


def payment(given: Given) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the gateway of cards."""
    url = given.get("PAYMENT_URL", "")
    if not url:
        return
    from eservices.payments.address import AddressError, read_address

    try:
        address = read_address(url)
    except AddressError as error:
        yield ("PAYMENT_URL", str(error))
    else:
        if address.origin.startswith("http://") and not is_loopback(host_of(address.origin)):
            yield ("PAYMENT_URL", _("tls=no is for a simulated bank on this machine alone."))


def unencrypted(given: Given) -> Iterator[tuple[str, str]]:
    """Yield each connection without TLS to a host that is not listed in PLAIN_HOSTS."""
    listed = {host.strip().lower() for host in given.get("PLAIN_HOSTS", "").split(",")} - {""}
    for name in _BY_SCHEME:
        value = given.get(name, "")
        for word in value.replace(",", " ").split() if name in _LISTS else [value]:
            host = host_of(word)
            near = is_loopback(host) or not urlsplit(word).netloc
            if word.partition(":")[0].lower() in _PLAIN and not (near or host in listed):
                yield (
                    name,
                    _(
                        "It names a host that is spoken to without TLS: take https (rediss, amqps, "
                        "tls); where that host has none, or the network is this office’s alone, "
                        "list the host in PLAIN_HOSTS."
                    ),
                )


def web_certificate(given: Given) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the certificate of the web server."""
    certificate, key = (given.get(name, "") for name in ("WEB_CERTIFICATE", "WEB_KEY"))
    if certificate in {"", "none"}:
        return
    if key in {"", "none"}:
        yield ("WEB_KEY", _("WEB_CERTIFICATE is set: set the file of its key."))
        return
    missing = [path for path in (certificate, key) if not os.path.isfile(path)]
    if missing:
        name = "WEB_CERTIFICATE" if certificate in missing else "WEB_KEY"
        yield (name, _("There is no such file here, or it may not be seen."))
        return
    try:
        server_context(Path(certificate), Path(key))
    except OSError:
        yield ("WEB_KEY", _("It cannot be read, or it is not the key of WEB_CERTIFICATE."))
