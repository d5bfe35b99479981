"""Addresses among the settings that cannot be read in any office, for `config.start_problems`.

Each rule yields the setting and the words.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from org.start_words import gettext as _

Given = Mapping[str, str]


class _Form(NamedTuple):
    """What an address may begin with, which of these name a host, and how one looks."""

    hosts: tuple[str, ...]
    folders: tuple[str, ...]
    example: str


_FORMS: Final = {
    "PUBLIC_URL": _Form(("http", "https"), (), "https://courrier.example.org"),
    "DATABASE_URL": _Form(
        ("postgres", "postgresql"),
        ("sqlite", "postgres", "postgresql"),
        "postgres://user:password@host/name",
    ),
    "CLAMD_URL": _Form(("tcp",), ("unix",), "tcp://host:3310, unix:///path, none"),
    "EMAIL_URL": _Form(
        ("smtp", "smtps"), ("file", "console"), "smtp://user:password@host:587, smtps://…"
    ),
    "SMS_URL": _Form(("http", "https"), ("file",), "https://…, file:///folder, none"),
    "TIMESTAMP_URL": _Form(("http", "https"), (), "https://…"),
    "TRACES_URL": _Form(("http", "https"), (), "https://host:4318"),
    "OIDC_URL": _Form(("http", "https"), (), "https://…"),
    "BACKUP_URL": _Form(
        ("sftp", "s3"),
        ("", "s3"),
        "/folder, sftp://user@host/folder, s3://key:secret@host/bucket",
    ),
    "MAILBOX_URL": _Form(("imap", "imaps"), (), "imaps://user:password@host/folder"),
}
READ: Final = (*_FORMS, "BROKER_URL", "VAULT_URL", "SEARCH_URL", "ANCHOR_URL", "SECURITY_LOG")
_SIGNS: Final = {"signs": "/ ? # @ : %", "codes": "%2F %3F %23 %40 %3A %25"}
_NOTHING: Final = {"CLAMD_URL": "none", "SMS_URL": "none", "SEARCH_URL": "tantivy"}


def unreadable(given: Given) -> Iterator[tuple[str, str]]:
    """Yield the addresses without a scheme that is known, without a host, or with a broken port."""
    for name in READ:
        value = given.get(name, "")
        if not value or value == _NOTHING.get(name):
            continue
        parts = _split(value)
        if parts is None:
            yield (
                name,
                _(
                    "Its port is no number from 1 to 65535. Where a password stands before it, "
                    "write its %(signs)s as %(codes)s."
                )
                % _SIGNS,
            )
        elif name in _FORMS and not _fits(parts, _FORMS[name]):
            yield name, _("Write it as %(form)s.") % {"form": _FORMS[name].example}


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        return None if parts.port == 0 else parts
    except ValueError:
        return None


def _fits(parts: SplitResult, form: _Form) -> bool:
    if parts.scheme in form.hosts and parts.hostname:
        return True
    return parts.scheme in form.folders and (bool(parts.path) or parts.scheme == "console")
