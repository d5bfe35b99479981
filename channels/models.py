"""The tables of the channels, imported here for Django; each is defined in its package."""

from channels.batch.models import Batch, BatchLetter, Sticker
from channels.folder.models import WatchedItem
from channels.mailbox.models import Mailbox, MailItem
from channels.partners.models import Delivery, Partner, PartnerKey, PartnerLetter

__all__ = [
    "Batch",
    "BatchLetter",
    "Delivery",
    "MailItem",
    "Mailbox",
    "Partner",
    "PartnerKey",
    "PartnerLetter",
    "Sticker",
    "WatchedItem",
]
