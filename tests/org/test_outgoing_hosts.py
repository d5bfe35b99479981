"""Hosts that the office may reach: which names are listed, and that no library goes elsewhere."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from channels.partners.calling import CallError, checked_url
from org.outgoing_hosts import HostList

ROOT = Path(__file__).resolve().parents[2]
LISTED = (
    *("objects.example", ".partners.example", "192.0.2.7", "log.example.", "[2001:db8::7]"),
    *("bücher.example", "xn--caf-dma.example"),
)
# What reaches a host here, each as its library does; the unlisted one is refused at its look-up.
WAYS = {
    "http.client": "from http.client import *; HTTPSConnection(HOST, 443, timeout=5).connect()",
    "requests": "import requests; requests.get(f'https://{HOST}/', timeout=5)",
    "smtplib": "import smtplib; smtplib.SMTP(HOST, 587, timeout=5)",
    "imaplib": "import imaplib; imaplib.IMAP4_SSL(HOST, timeout=5)",
    "redis": "import redis; redis.Redis(HOST, socket_connect_timeout=5, retry=None).ping()",
    "aiohttp": (
        "import aiohttp, asyncio\n"
        "async def ask():\n"
        "    async with aiohttp.ClientSession() as one:\n"
        "        await one.get(f'https://{HOST}/')\n"
        "asyncio.run(ask())"
    ),
    "partners": (
        "from channels.partners.calling import call\n"
        "call(f'https://{HOST}/x', body=b'', headers={}, private=False)"
    ),
}
CODE = """
import django
django.setup()
import sys
HOST = sys.argv[1]
try:
    exec(sys.argv[2])
except BaseException as error:
    seen = error
    while seen.__cause__ or seen.__context__:
        seen = seen.__cause__ or seen.__context__
    print(f"{type(error).__name__}: {error} / {type(seen).__name__}")
"""


@pytest.mark.parametrize(
    "host",
    [
        *("objects.example", "OBJECTS.example.", "a.partners.example", "partners.example"),
        *("log.example", "LOG.EXAMPLE.", "2001:db8::7", "xn--bcher-kva.example", "café.example"),
        *("192.0.2.7", "127.0.0.1", "127.8.8.8", "[::1]", "localhost", "0.0.0.0", ""),  # noqa: S104
    ],
)
def test_what_is_listed_and_this_machine_are_reached(host: str) -> None:
    assert host in HostList(LISTED)


@pytest.mark.parametrize(
    "host",
    [
        *("other.example", "evil-objects.example", "objects.example.evil", "xpartners.example"),
        *("192.0.2.70", "192.0.2.8", "a.objects.example", "169.254.169.254"),
        *("evil.example\0.partners.example", "127.0.0.1\0", "evil.example。", "b\u00fccher.evil"),
    ],
)
def test_nothing_else_is(host: str) -> None:
    assert host not in HostList(LISTED)


def attempt(tmp_path: Path, host: str, code: str, **given: str) -> tuple[str, str]:
    """Return what the program said of its attempt, and its lines of the log."""
    environment = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings",
                   "PATH": os.environ["PATH"], **given}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", CODE, host, code],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_no_library_reaches_a_host_that_is_not_listed(tmp_path: Path) -> None:
    """One process for all: it begins seven times, and each is refused and told."""
    lines = [f"try:\n    exec({code!r})\nexcept OSError as e: print({name!r}, 'refused', e)\n"
             f"except Exception as e: print({name!r}, 'refused', repr(e), repr(e.__context__))"
             for name, code in WAYS.items()]  # fmt: skip
    given = {"OUTGOING_HOSTS": "listed.example"}
    said, logged = attempt(tmp_path, "unlisted.example", "\n".join(lines), **given)
    for name in WAYS:
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name} ")]
        assert "refused" in line
        if name != "partners":  # which judges the name before it is looked up
            assert "OUTGOING_HOSTS" in line or "UnlistedHost" in line, line
    assert logged.count("host_unlisted host=unlisted.example") >= len(WAYS) - 1


@pytest.mark.parametrize(
    "way",
    ["socket().connect((HOST, 9))", "socket(type=SOCK_DGRAM).sendto(b'x', (HOST.encode(), 9))"],
)
def test_a_name_given_to_a_socket_itself_is_refused(tmp_path: Path, way: str) -> None:
    """What the system makes an address of, and is none: by a listed address it is connected."""
    code, given = f"from socket import *; {way}", {"OUTGOING_HOSTS": "none"}
    assert "OUTGOING_HOSTS" in attempt(tmp_path, "127.1", code, **given)[0]
    assert "OUTGOING_HOSTS" not in attempt(tmp_path, "127.0.0.1", code, **given)[0]


def test_what_other_settings_name_is_reached_and_without_a_list_all_is(tmp_path: Path) -> None:
    look = "import socket; socket.getaddrinfo(HOST, 80); print('found')"
    mail = {"EMAIL_URL": "smtp://u:p@mail.invalid:587", "OUTGOING_HOSTS": "none"}
    for host, given, refused in (
        ("mail.invalid", mail, False),
        ("other.invalid", mail, True),
        ("other.invalid", {}, False),
    ):
        said, _logged = attempt(tmp_path, host, look, **given)
        assert ("OUTGOING_HOSTS" in said) is refused, (host, said)  # else: no such name


def test_a_partners_address_that_is_not_listed_is_refused_when_it_is_entered(
    settings: Any,
) -> None:
    settings.OUTGOING_LISTED, settings.OUTGOING_HOSTS = True, ["partner.example"]
    assert checked_url("https://partner.example/hook")
    with pytest.raises(CallError, match="webhook_address"):
        checked_url("https://other.example/hook")
