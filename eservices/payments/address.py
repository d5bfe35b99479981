"""The address of a gateway, as PAYMENT_URL gives it; imports no settings, since they import it."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from org.start_words import gettext as _

SCHEMES: Final = ("nestpay",)
_KNOWN: Final = {"tls", "user", "password", "api"}


class AddressError(ValueError):
    """An address that is none; its words repeat no value, since one is a key."""


@dataclass(frozen=True, slots=True)
class Address:
    """Who we are at the gateway, and where it is.

    `user` and `password` are of its programs' interface at `api`, without which the state of an
    order cannot be queried, nor money paid back.
    """

    scheme: str
    client: str
    key: str
    origin: str
    path: str
    user: str = ""
    password: str = ""
    api: str = "/fim/api"

    @property
    def page(self) -> str:
        """Return the address to which the browser posts."""
        return f"{self.origin}{self.path}"

    @property
    def programs(self) -> str:
        """Return the address of the interface for programs."""
        return f"{self.origin}{self.api}"


def read_address(url: str) -> Address:
    """Return an address: `nestpay://CLIENT:STOREKEY@HOST:PORT/fim/est3Dgate?tls=no`.

    Without `tls=no` it is spoken to over TLS. Raise AddressError.
    """
    parts, port = _split(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if query.keys() - _KNOWN or query.get("tls", "yes") not in {"yes", "no"}:
        raise AddressError(_("After ? stand only tls=no, user=, password= and api=."))
    if bool(query.get("user")) != bool(query.get("password")):
        raise AddressError(_("In it user= and password= go together."))
    name = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    host = f"{name}:{port}" if port else name
    return Address(
        scheme=parts.scheme,
        client=unquote(parts.username or ""),
        key=unquote(parts.password or ""),
        origin=f"{'http' if query.get('tls') == 'no' else 'https'}://{host}",
        path=parts.path,
        user=query.get("user", ""),
        password=query.get("password", ""),
        api=query.get("api", "/fim/api"),
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressError(_("It is no address.")) from None
    if parts.scheme not in SCHEMES:
        named = ", ".join(f"{one}://" for one in SCHEMES)
        raise AddressError(_("It must begin with %(named)s.") % {"named": named})
    if not (parts.username and parts.password and parts.hostname and len(parts.path) > 1):
        form = "nestpay://CLIENT:STOREKEY@HOST/fim/est3Dgate"
        raise AddressError(_("Write it as %(form)s.") % {"form": form})
    return parts, port
