"""One connection to Elasticsearch from SEARCH_URL, and its failures as the contract's errors."""

import contextlib
import ipaddress
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import elasticsearch
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from org.start_words import gettext as _
from search.contract import EngineBusy, EngineError, EngineUnavailable

_OPTIONS: Final = frozenset(
    ["index", "api_key", "ca_certs", "timeout", "shards", "replicas", "tls", "sign_in"]
)
LATER: Final = (429, 502, 503, 504)


BLOCKED: Final = "cluster_block_exception"
BLOCKED_SAID: Final = "Elasticsearch takes no writing: its disk may be full"

# A line for each request and a traceback for each retry; our callers log what matters.
logging.getLogger("elastic_transport").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Connection:
    """The client, the alias under which the index answers, and how new indexes are made.

    `replicas` None: as many as there are machines for, one at most.
    """

    client: Elasticsearch
    alias: str
    shards: int = 1
    replicas: int | None = None


def connect(url: str) -> Connection:
    """Read `https://user:password@host:9200/?index=sijill&api_key=…&ca_certs=/path&timeout=10`.

    Only the host and a sign-in are required. Certificates are always verified; `ca_certs` names
    the file of a private authority; `timeout` is in seconds; `shards` (1) and `replicas` (one
    where there is a second machine) are for indexes made from now on. Beyond this machine plain
    http needs `tls=no`, and no user and key needs `sign_in=no`. Nothing is sent yet. Raise
    ValueError for a URL that says something else, without repeating what may be a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_("Write it as %(form)s.") % {"form": "http(s)://host:port"})
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if given.keys() - _OPTIONS:
        words = _("It has unknown options; known are %(names)s.")
        raise ValueError(words % {"names": ", ".join(sorted(_OPTIONS))})
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    if not _is_this_machine(parts.hostname):
        _refuse_openness(given, plain=parts.scheme == "http", stranger=not login)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    path = parts.path.rstrip("/")
    authority: dict[str, Any] = {"ca_certs": given["ca_certs"]} if "ca_certs" in given else {}
    client = Elasticsearch(
        f"{parts.scheme}://{host}:{port}{path}",
        basic_auth=login,
        api_key=given.get("api_key"),
        **authority,
        request_timeout=_number(given, "timeout", 10.0, least=0.1),
        max_retries=3,
        retry_on_timeout=True,
        retry_on_status=LATER,
    )
    return Connection(
        client,
        given.get("index", "sijill-letters"),
        shards=int(_number(given, "shards", 1, least=1)),
        replicas=int(_number(given, "replicas", 0)) if "replicas" in given else None,
    )


def _refuse_openness(given: Mapping[str, str], *, plain: bool, stranger: bool) -> None:
    """Require encryption and a sign-in beyond this machine, unless the settings say otherwise."""
    if plain and given.get("tls") != "no":
        raise ValueError(_("It leaves this machine without TLS: say https, or tls=no."))
    if stranger and not given.get("api_key") and given.get("sign_in") != "no":
        raise ValueError(_("It has neither user nor api_key: give one, or sign_in=no."))


def _number(given: Mapping[str, str], name: str, default: float, *, least: float = 0) -> float:
    try:
        value = float(given.get(name, default))
    except ValueError:
        value = least - 1
    if not least <= value < 10_000:
        words = _("In it %(name)s must be a number from %(least)s up.")
        raise ValueError(words % {"name": name, "least": f"{least:g}"})
    return value


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turn the client's errors into the contract's; messages hold no query and no document."""
    try:
        yield
    except ApiError as error:
        status = error.meta.status
        if status == 429:
            raise EngineBusy("Elasticsearch is overloaded") from error
        if error.error == BLOCKED:
            raise EngineUnavailable(BLOCKED_SAID) from error
        if status in (401, 403):
            raise EngineUnavailable("Elasticsearch refuses these credentials") from error
        if status >= 500:
            raise EngineUnavailable(f"Elasticsearch answers with status {status}") from error
        raise EngineError(f"Elasticsearch refuses the request: {error.error}") from error
    except TransportError as error:
        raise EngineUnavailable(f"Elasticsearch is away: {type(error).__name__}") from error


class Pauses:
    """A circuit breaker: after a request timed out, fail at once for some seconds.

    Not every page must wait for a server that hangs. Use as a context around queries that people
    wait for.
    """

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._until = 0.0

    def __enter__(self) -> None:
        if time.monotonic() < self._until:
            raise EngineUnavailable("Elasticsearch did not answer a moment ago")

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ConnectionTimeout):
            self._until = time.monotonic() + self._seconds


NotFound = elasticsearch.NotFoundError
