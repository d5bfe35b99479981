"""One connection to Elasticsearch from SEARCH_URL, and its failures in our words."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import elasticsearch
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.contract import EngineBusy, EngineError, EngineUnavailable

_OPTIONS: Final = frozenset(["index", "api_key", "ca_certs", "timeout"])
_LATER: Final = (429, 502, 503, 504)


# A line for each request and a traceback for each retry; what matters is said by our callers.
logging.getLogger("elastic_transport").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Connection:
    """The client, and the alias under which the index answers."""

    client: Elasticsearch
    alias: str


def connect(url: str) -> Connection:
    """Read `https://user:password@host:9200/?index=sijill&api_key=…&ca_certs=/path&timeout=10`.

    Only the host is required. Certificates are always verified; `ca_certs` names the file of a
    private authority; `timeout` is in seconds. Nothing is sent yet. Raises ValueError for a URL
    that says something else, without repeating what may be a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("SEARCH_URL must be http(s)://host:port")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if given.keys() - _OPTIONS:
        raise ValueError(f"SEARCH_URL has unknown options; known are {', '.join(sorted(_OPTIONS))}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    path = parts.path.rstrip("/")
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    authority: dict[str, Any] = {"ca_certs": given["ca_certs"]} if "ca_certs" in given else {}
    client = Elasticsearch(
        f"{parts.scheme}://{host}:{port}{path}",
        basic_auth=login,
        api_key=given.get("api_key"),
        **authority,
        request_timeout=float(given.get("timeout", "10")),
        max_retries=3,
        retry_on_timeout=True,
        retry_on_status=_LATER,
    )
    return Connection(client, given.get("index", "sijill-letters"))


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Turn the client's errors into the contract's; messages hold no query and no document."""
    try:
        yield
    except ApiError as error:
        status = error.meta.status
        if status == 429:
            raise EngineBusy("Elasticsearch is overloaded") from error
        if status in (401, 403):
            raise EngineUnavailable("Elasticsearch refuses these credentials") from error
        if status >= 500:
            raise EngineUnavailable(f"Elasticsearch answers with status {status}") from error
        raise EngineError(f"Elasticsearch refuses the request: {error.error}") from error
    except TransportError as error:
        raise EngineUnavailable(f"Elasticsearch is away: {type(error).__name__}") from error


NotFound = elasticsearch.NotFoundError
