"""The public interface of the channels: what pages and the job table may call."""

from channels.batch.batches import (
    FixedLetterError,
    batch_inspection_parked,
    batch_problem,
    batches,
    inspect_batch_work,
    letters_in,
    mend,
    new_batch,
    plan_of,
    save_batch_inspection,
    seen_pages,
    thumb,
)
from channels.batch.confined import UnreadableError
from channels.batch.cutting import ordered
from channels.batch.models import Batch
from channels.batch.registering import (
    letter_of_code,
    queue_registering,
    register_parked,
    register_work,
    save_registered,
)
from channels.batch.sheets import separator_sheets, sticker_sheets
from channels.batch.stickers import StickerRefusedError, attach_sticker, stickers_on
from channels.folder.entries import Entry, entries_of, is_unchanged, open_all
from channels.folder.looking import queue_folder_scan, save_folder_scan, scan_folder_work
from channels.folder.models import WatchedItem
from channels.folder.moving import move_done, move_failed
from channels.folder.reading import FolderState, folder_state, item_reason, watched_items
from channels.mailbox.fetching import fetch_mail, fetch_work, queue_mail_fetch, save_fetch
from channels.mailbox.models import MailItem
from channels.mailbox.reading import (
    MailboxState,
    all_items,
    bounce_work,
    mailbox_state,
    mark_reviewed,
    reason_words,
    to_look_at,
    try_again,
)
from channels.mailbox.trying import try_mailbox
from channels.partners.calling import CallError
from channels.partners.deliveries import (
    forget_deliveries,
    queue_deliveries,
    send_again,
    trial_message,
)
from channels.partners.keys import (
    BadKeyError,
    all_keys,
    deposit_for,
    key_of,
    letter_of,
    letters_of,
    make_key,
    note_use,
    replace_key,
    revoke_key,
)
from channels.partners.models import Delivery, Partner, PartnerKey
from channels.partners.off_mails import mail_off_work
from channels.partners.reading import deliveries_of, partners
from channels.partners.reading import history_of as partner_history
from channels.partners.sending import deliver_parked, deliver_work, save_attempt, try_now
from channels.partners.table import PARTNERS, make_partner
from channels.partners.webhooks import CHOICES as HOOK_CHOICES
from channels.partners.webhooks import (
    BadWebhookError,
    NotPossibleNowError,
    set_webhook,
    switch_on,
    turn_secret,
)
from channels.partners.words import error_words, event_words

__all__ = [
    "HOOK_CHOICES",
    "PARTNERS",
    "BadKeyError",
    "BadWebhookError",
    "Batch",
    "CallError",
    "Delivery",
    "Entry",
    "FixedLetterError",
    "FolderState",
    "MailItem",
    "MailboxState",
    "NotPossibleNowError",
    "Partner",
    "PartnerKey",
    "StickerRefusedError",
    "UnreadableError",
    "WatchedItem",
    "all_items",
    "all_keys",
    "attach_sticker",
    "batch_inspection_parked",
    "batch_problem",
    "batches",
    "bounce_work",
    "deliver_parked",
    "deliver_work",
    "deliveries_of",
    "deposit_for",
    "entries_of",
    "error_words",
    "event_words",
    "fetch_mail",
    "fetch_work",
    "folder_state",
    "forget_deliveries",
    "inspect_batch_work",
    "is_unchanged",
    "item_reason",
    "key_of",
    "letter_of",
    "letter_of_code",
    "letters_in",
    "letters_of",
    "mail_off_work",
    "mailbox_state",
    "make_key",
    "make_partner",
    "mark_reviewed",
    "mend",
    "move_done",
    "move_failed",
    "new_batch",
    "note_use",
    "open_all",
    "ordered",
    "partner_history",
    "partners",
    "plan_of",
    "queue_deliveries",
    "queue_folder_scan",
    "queue_mail_fetch",
    "queue_registering",
    "reason_words",
    "register_parked",
    "register_work",
    "replace_key",
    "revoke_key",
    "save_attempt",
    "save_batch_inspection",
    "save_fetch",
    "save_folder_scan",
    "save_registered",
    "scan_folder_work",
    "seen_pages",
    "send_again",
    "separator_sheets",
    "set_webhook",
    "sticker_sheets",
    "stickers_on",
    "switch_on",
    "thumb",
    "to_look_at",
    "trial_message",
    "try_again",
    "try_mailbox",
    "try_now",
    "turn_secret",
    "watched_items",
]
