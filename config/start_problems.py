"""What keeps an office from starting, judged from its settings alone: `problems(given)`.

`given` holds the variables as text, "" where one is not set. What may be left out on purpose is
left out by its word: `SEARCH_URL=tantivy`, `VAULT_URL=file:///folder`, `SIGNING_KEY_FILE=none`.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, starmap
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from config import address_problems, connection_problems, proof_problems
from config.hosts import host_of, is_loopback
from org.start_words import gettext as _

Given = Mapping[str, str]

DEVELOPMENT_SECRET: Final = "development-only: every real office sets SECRET_KEY"  # noqa: S105
TANTIVY: Final = "tantivy"  # SEARCH_URL: the index lies in DATA_DIR
NONE: Final = proof_problems.NONE  # this office does without
YES: Final = {"1", "true", "yes", "on"}
BROKERS: Final = {"redis", "rediss", "amqp", "amqps"}
DELIVERIES: Final = {"celery", "thread", "none"}
LEAST_LENGTH: Final = 40
_LEAST_SQUEEZED: Final = 41  # bytes; a random key of 40 hexadecimal digits takes 42 and more
KEYS: Final = ("SECRET_KEY", "TRACKING_KEY", "SIGNING_KEY_PASSWORD", "SMS_KEY", "EID_SECRET")
READ: Final = (
    *KEYS,
    *("PRODUCTION", "DEBUG", "PUBLIC_URL", "STAFF_URL", "ALLOWED_HOSTS", "PROXIES", "DATABASE_URL"),
    *("BROKER_URL", "JOB_DELIVERY", "VAULT_URL", "SEARCH_URL", "CLAMD_URL", "EMAIL_URL"),
    *("EMAIL_FROM", "SMS_URL", "SIGNING_KEY_FILE", "REPLY_SIGNATURE", "RSA_LEAST_BITS"),
    *("EID_URL", "EID_CLIENT_ID", "PAYMENT_URL", "OIDC_URL", "PGSSLMODE"),
    *proof_problems.READ,
    *connection_problems.READ,
    *address_problems.READ,
)


class Problem(NamedTuple):
    """One invalid setting and its remedy; no value is repeated, since it may be a password."""

    setting: str
    words: str


def problems(given: Given, *, production: bool | None = None) -> list[Problem]:
    """Return everything that is wrong, in the order of docs/settings.md; empty where all is valid.

    `production` stands in for PRODUCTION.
    """
    if production is None:
        production = given.get("PRODUCTION", "").lower() in YES
    rules = (*_ALWAYS, *_PRODUCTION) if production else _ALWAYS
    found = dict.fromkeys(starmap(Problem, address_problems.unreadable(given)))
    broken = {problem.setting for problem in found}
    given = {name: "" if name in broken else value for name, value in given.items()}
    for rule in rules:
        found |= dict.fromkeys(each for each in rule(given) if each.setting not in broken)
    return list(found)


def is_weak(key: str) -> bool:
    """Return whether a key is short, repeats itself, or is made of few characters."""
    repeats = key in (key + key)[1:-1]
    return len(key) < LEAST_LENGTH or repeats or _squeezed(key) < _LEAST_SQUEEZED


def _squeezed(key: str) -> int:
    return len(zlib.compress(key.encode(), 9))


def _is_open(given: Given) -> bool:
    """Return whether people reach the office from other machines."""
    url = given.get("PUBLIC_URL", "")
    return bool(url) and not is_loopback(host_of(url))


def _known_key(given: Given) -> Iterator[Problem]:
    known = given.get("SECRET_KEY", "") in ("", DEVELOPMENT_SECRET)
    if known and _is_open(given):
        yield Problem(
            "SECRET_KEY",
            _(
                "PUBLIC_URL is open to others, and the key is the published one of development: "
                "set SECRET_KEY or SECRET_KEY_FILE to %(n)d or more random characters."
            )
            % {"n": LEAST_LENGTH},
        )
    if given.get("DEBUG", "").lower() in YES and _is_open(given):
        yield Problem("DEBUG", _("It shows settings and letters to strangers: unset it."))


def _delivery(given: Given) -> Iterator[Problem]:
    delivery, broker = given.get("JOB_DELIVERY", ""), given.get("BROKER_URL", "")
    if delivery and delivery not in DELIVERIES:
        yield Problem("JOB_DELIVERY", _("It must be celery, thread or none."))
    if delivery == "celery" and not broker:
        yield Problem("BROKER_URL", _("JOB_DELIVERY is celery: set BROKER_URL to its broker."))
    if delivery == "thread" and broker:
        yield Problem(
            "JOB_DELIVERY", _("It is thread, but BROKER_URL names a broker: unset one of the two.")
        )
    if broker and (urlsplit(broker).scheme not in BROKERS or not host_of(broker)):
        yield Problem(
            "BROKER_URL", _("It must be redis://host:port/0 or amqp://host (or rediss, …).")
        )


def _vault(given: Given) -> Iterator[Problem]:
    url = given.get("VAULT_URL", "")
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc or len(parts.path) < 2:
            yield Problem("VAULT_URL", _("A folder is named file:///folder."))
    elif url and (parts.scheme != "s3" or not (parts.hostname or parts.path.strip("/"))):
        yield Problem(
            "VAULT_URL", _("It must be s3://key:secret@host:port/bucket, or file:///folder.")
        )
    elif not parse_qs(parts.query).get("lock_days", ["0"])[-1].isdecimal():
        yield Problem("VAULT_URL", _("lock_days must be a whole number."))


def _search(given: Given) -> Iterator[Problem]:
    url = given.get("SEARCH_URL", "")
    if not url or url == TANTIVY:
        return
    from search.backends.elasticsearch.client import connect  # which reads it, and sends nothing

    try:
        connect(url)
    except (ValueError, OSError) as error:
        yield Problem("SEARCH_URL", str(error))


def _secrets(given: Given) -> Iterator[Problem]:
    told = {
        "SECRET_KEY": _("Sessions are signed by it."),
        "TRACKING_KEY": _("Codes on paper hang on it."),
    }
    for name, why in told.items():
        key = given.get(name, "")
        if is_weak(key) or key == DEVELOPMENT_SECRET:
            words = _("It is too easily guessed.") if key else _("It is missing.")
            todo = _("Set %(name)s or %(file)s to %(n)d or more random characters.")
            todo %= {"name": name, "file": f"{name}_FILE", "n": LEAST_LENGTH}
            yield Problem(name, f"{words} {why} {todo}")
    for one, other in combinations(KEYS, 2):
        if given.get(one) and given.get(one) == given.get(other):
            words = _("It is the same as %(other)s: whoever learns one has both.")
            yield Problem(other, words % {"other": one})


def _address(given: Given) -> Iterator[Problem]:
    from django.http.request import validate_host  # which the settings file must not import

    url, hosts = given.get("PUBLIC_URL", ""), _words(given.get("ALLOWED_HOSTS", ""))
    host = host_of(url)
    if not url.startswith("https://") or not host:
        yield Problem("PUBLIC_URL", _("Set it to the https:// address that people use."))
    if "*" in hosts:
        yield Problem("ALLOWED_HOSTS", _("* takes any name: name the hosts."))
    elif not [each for each in hosts if not is_loopback(each.strip("[]"))]:
        yield Problem("ALLOWED_HOSTS", _("Set it to the host names of PUBLIC_URL."))
    elif host and not validate_host(host, hosts):
        yield Problem("ALLOWED_HOSTS", _("It lacks the host of PUBLIC_URL."))
    proxies = given.get("PROXIES", "")
    if not proxies.isdecimal() or int(proxies) < 1:
        yield Problem(
            "PROXIES",
            _(
                "Set it to the number of proxies in front (1 for the one that brings TLS): else "
                "all people share one address, and its limits."
            ),
        )


def _staff_address(given: Given) -> Iterator[Problem]:
    from django.http.request import validate_host  # as above

    url, public = given.get("STAFF_URL", ""), given.get("PUBLIC_URL", "")
    host, hosts = host_of(url), _words(given.get("ALLOWED_HOSTS", ""))
    if not url:
        return
    if not host or url.partition(":")[0] != public.partition(":")[0]:
        yield Problem("STAFF_URL", _("Set it to an https:// address, as PUBLIC_URL is one."))
    elif host == host_of(public):
        yield Problem(
            "STAFF_URL", _("It has the host of PUBLIC_URL: name another one, or unset it.")
        )
    elif hosts and not validate_host(host, hosts):
        yield Problem("ALLOWED_HOSTS", _("It lacks the host of STAFF_URL."))


def _words(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _places(given: Given) -> Iterator[Problem]:
    scheme = urlsplit(given.get("DATABASE_URL", "")).scheme
    if scheme not in {"postgres", "postgresql"}:
        yield Problem("DATABASE_URL", _("Set it to a postgres:// address."))
    elif not connection_problems.is_database_protected(given):
        yield Problem(
            "DATABASE_URL",
            _(
                "Add ?sslmode=verify-full&sslrootcert=FILE, so that the server’s certificate is "
                "looked at; on a network that is this office’s alone say sslmode=disable (or "
                "PGSSLMODE)."
            ),
        )
    if not given.get("BROKER_URL") and not given.get("JOB_DELIVERY"):
        yield Problem(
            "BROKER_URL",
            _(
                "Set it to redis:// or amqp://; for one machine without Celery set "
                "JOB_DELIVERY=thread instead."
            ),
        )
    missing = {
        "VAULT_URL": _("Set it to s3://…; for files on this machine say file:///folder."),
        "SEARCH_URL": _("Set it to https://…; for an index on this machine say tantivy."),
        "CLAMD_URL": _("Set it to tcp://host:3310; to take files unscanned say none."),
    }
    for name, words in missing.items():
        if not given.get(name):
            yield Problem(name, words)


def _signing(given: Given) -> Iterator[Problem]:
    yield from starmap(Problem, proof_problems.signing(given))


def _anchors(given: Given) -> Iterator[Problem]:
    yield from starmap(Problem, proof_problems.unreadable(given))


def _proof(given: Given) -> Iterator[Problem]:
    yield from starmap(Problem, proof_problems.missing(given))


def _ways(given: Given) -> Iterator[Problem]:
    rules = (
        connection_problems.unencrypted,
        connection_problems.mail,
        connection_problems.identity,
        connection_problems.payment,
    )
    yield from (Problem(*found) for rule in rules for found in rule(given))


def _provider(given: Given) -> Iterator[Problem]:
    yield from starmap(Problem, connection_problems.provider(given))


def _web_certificate(given: Given) -> Iterator[Problem]:
    yield from starmap(Problem, connection_problems.web_certificate(given))


def _debug(given: Given) -> Iterator[Problem]:
    if given.get("DEBUG", "").lower() in YES:
        yield Problem("DEBUG", _("Unset it."))


_Rule = Callable[[Given], Iterator[Problem]]
_PRODUCTION: Final[tuple[_Rule, ...]] = (
    *(_address, _debug, _secrets, _places, _ways, _signing, _proof),
)
_ALWAYS: Final[tuple[_Rule, ...]] = (
    *(_known_key, _delivery, _vault, _search, _anchors, _provider, _web_certificate),
    _staff_address,
)
