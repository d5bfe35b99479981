"""Settings of what the office may reach, a part of `config.settings`: OUTGOING_HOSTS and others."""

from typing import Final

from config import env
from config.hosts import host_of

# Whoever sets one of these means its host to be reached.
NAMED_BY: Final = (
    *("DATABASE_URL", "BROKER_URL", "SEARCH_URL", "VAULT_URL", "CLAMD_URL", "EMAIL_URL"),
    *("MAILBOX_URL", "SMS_URL", "TIMESTAMP_URL", "OIDC_URL", "EID_URL", "PAYMENT_URL"),
    *("BACKUP_URL", "ANCHOR_URL", "WITNESS_URLS", "TRACES_URL", "SECURITY_LOG", "PUBLIC_URL"),
    "STAFF_URL",
)
_listed = env.list_("OUTGOING_HOSTS", [])
OUTGOING_LISTED = bool(_listed)  # where none is set, every host may be reached
_named = (host_of(word) for name in NAMED_BY for word in env.words(name))
OUTGOING_HOSTS = sorted({host.lower() for host in (*_listed, *_named) if host and host != "none"})
PLAIN_HOSTS = env.list_("PLAIN_HOSTS", [])  # judged by `config.connection_problems`, before a start
