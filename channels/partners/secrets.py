"""The secrets by which a partner checks our messages, and the signatures made with them.

As the Standard Webhooks specification has it; the two X-Sijill headers of before stand beside.
"""

import base64
import hmac
from datetime import datetime
from typing import Final

from django.utils.crypto import salted_hmac

from channels.partners.models import Delivery, Partner
from org import keys as office_keys

PREFIX: Final = "whsec_"


def secret_of(partner: Partner) -> str:
    """Return the partner's present secret as the partner gets it: whsec_ and base64."""
    key = _key(partner, partner.webhook_turn, next(office_keys.secrets()))
    return PREFIX + base64.b64encode(key).decode()


def signed_headers(delivery: Delivery, *, now: datetime) -> dict[str, str]:
    """Return the headers of one attempt to send the message.

    While OLD_SECRET_KEYS names a key, the secrets derived from it sign as well.
    """
    partner, body = delivery.partner, delivery.body.encode()
    moment = str(int(now.timestamp()))
    turns = [partner.webhook_turn]
    if partner.webhook_old_until and partner.webhook_old_until > now:
        turns.append(partner.webhook_turn - 1)
    keys = [_key(partner, turn, secret) for turn in turns for secret in office_keys.secrets()]
    signed = f"{delivery.message_id}.{moment}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sijill-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_mac(key, signed)}" for key in keys),
        "X-Sijill-Timestamp": moment,
        "X-Sijill-Signature": _before(keys[0], moment, body),
    }


def _key(partner: Partner, turn: int, secret: str) -> bytes:
    """Derive a partner's secret from one of the office's keys, so that none is stored."""
    said = f"{partner.pk}:{turn}"
    salt = "channels.partners.webhook"
    return salted_hmac(salt, said, secret=secret, algorithm="sha256").digest()


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _before(key: bytes, moment: str, body: bytes) -> str:
    """Return the signature of before: over "time.body", the secret as hexadecimal text."""
    signed = moment.encode() + b"." + body
    return f"sha256={hmac.new(key.hex().encode(), signed, 'sha256').hexdigest()}"
