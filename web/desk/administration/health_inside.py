"""The health of the office's services: whether they answer, and their certificates' ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from web.desk.administration.certificates import Endpoint, certificate_at
from web.desk.administration.finding import BAD, OK, WARN, Finding
from web.desk.administration.health_around import dated, valid
from web.monitoring.parts import answers


def services() -> Iterator[Finding]:
    """Check whether the broker and the store of files answer, where the office has them."""
    if settings.BROKER_URL:
        name = _("Message broker")
        if answers("broker"):
            yield Finding(name, OK, _("It answers."))
        else:
            words = _(
                "It does not answer: letters are registered, but nothing is read or sent until it "
                "is back."
            )
            todo = _("Start it, and look at BROKER_URL: what waits is taken up by itself.")
            yield Finding(name, BAD, words, todo)
    if settings.VAULT_URL.startswith("s3:"):
        name = _("Vault of files")
        if answers("vault"):
            yield Finding(name, OK, _("It answers."))
        else:
            words = _(
                "It does not answer: letters with files are refused, and originals cannot be "
                "opened."
            )
            todo = _("Start it, and look at VAULT_URL: what waits is taken up by itself.")
            yield Finding(name, BAD, words, todo)


def inside() -> Iterator[Finding]:
    """Check the certificate of each service that the office uses by TLS."""
    todo = _("Renew it and restart the service: docs/operations.md, Encryption within.")
    for service, endpoint in _endpoints():
        name = _("Certificate of %(service)s") % {"service": service}
        seen = certificate_at(endpoint)
        if seen.problem == "away":
            words = _("It could not be seen: the service does not answer by TLS.")
            yield Finding(name, WARN, words, _("Start it, and look at its address."))
        elif seen.problem or seen.ends_at is None:
            words = _("The office does not trust it.")
            words = f"{words} {valid(seen.ends_at)}" if seen.ends_at else words
            yield Finding(name, BAD, words, todo)
        else:
            yield dated(name, seen.ends_at, todo)
    if settings.WEB_CERTIFICATE:
        name = _("Certificate of %(service)s") % {"service": _("web server")}
        yield _own(name, Path(settings.WEB_CERTIFICATE))


def _own(name: str, file: Path) -> Finding:
    """Check the file of the web server's own certificate, which reloads a renewed one."""
    todo = _("Renew it: docs/operations.md, Encryption within.")
    try:
        shown = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return Finding(name, BAD, _("Its file cannot be read."), todo)
    return dated(name, shown.not_valid_after_utc, todo)


def _endpoints() -> Iterator[tuple[str, Endpoint]]:
    database: dict[str, Any] = settings.DATABASES["default"]
    options = database.get("OPTIONS") or {}
    mode, host = options.get("sslmode"), str(database.get("HOST") or "/")
    if mode in {"verify-full", "verify-ca"} and not host.startswith("/"):  # that is a socket
        port = int(database.get("PORT") or 5432)
        trusted = str(options.get("sslrootcert") or "")
        trusted = "" if trusted == "system" else trusted
        yield "PostgreSQL", Endpoint(host, port, trusted, asks=True, named=mode == "verify-full")
    for service, address, scheme, port, option in (
        ("Redis", settings.BROKER_URL, "rediss", 6379, "ssl_ca_certs"),
        ("Elasticsearch", settings.SEARCH_URL, "https", 443, "ca_certs"),
        (_("object store"), settings.VAULT_URL, "s3", 443, "ca_certs"),
    ):
        parts = urlsplit(address)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        secured = parts.scheme == scheme and given.get("tls") != "no"
        secured = secured and given.get("ssl_cert_reqs", "required") == "required"
        named = scheme != "s3" or parts.path.strip("/")  # else the name is a bucket of Amazon's
        if secured and named and parts.hostname:
            yield service, Endpoint(parts.hostname, parts.port or port, given.get(option, ""))
