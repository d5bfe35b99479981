"""The public interface of the channels: what pages and the job table may call."""

from channels.batch.batches import (
    FixedLetterError,
    batch_problem,
    batches,
    letters_in,
    mend,
    new_batch,
    plan_of,
    seen_pages,
    thumb,
)
from channels.batch.batches import look_parked as batch_look_parked
from channels.batch.batches import look_work as batch_look_work
from channels.batch.batches import save_look as save_batch_look
from channels.batch.confined import UnreadableError
from channels.batch.cutting import ordered
from channels.batch.models import Batch
from channels.batch.registering import (
    ask_to_register,
    letter_of_code,
    register_parked,
    register_work,
    save_registered,
)
from channels.batch.sheets import separator_sheets, sticker_sheets
from channels.batch.stickers import StickerRefusedError, attach_sticker, stickers_on
from channels.folder.entries import Entry, entries_of, is_unchanged, open_all
from channels.folder.looking import ask_for_files, look_work, save_look
from channels.folder.models import WatchedItem
from channels.folder.moving import move_done, move_failed
from channels.folder.reading import FolderState, folder_state, item_reason, watched_items
from channels.mailbox.fetching import ask_for_mail, fetch_mail, fetch_work, save_fetch
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
    ask_to_tell,
    forget_deliveries,
    send_again,
    trial_message,
)
from channels.partners.keys import (
    BadKeyError,
    all_keys,
    deposit_for,
    key_of,
    letter_of,
    make_key,
    note_use,
    replace_key,
    revoke_key,
)
from channels.partners.models import Delivery, Partner, PartnerKey
from channels.partners.off_mails import off_work
from channels.partners.reading import deliveries_of, partners
from channels.partners.reading import history_of as partner_history
from channels.partners.sending import save_told, tell_parked, tell_work, try_now
from channels.partners.table import PARTNERS, make_partner
from channels.partners.webhooks import CHOICES as HOOK_CHOICES
from channels.partners.webhooks import BadWebhookError, set_webhook, switch_on, turn_secret
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
    "Partner",
    "PartnerKey",
    "StickerRefusedError",
    "UnreadableError",
    "WatchedItem",
    "all_items",
    "all_keys",
    "ask_for_files",
    "ask_for_mail",
    "ask_to_register",
    "ask_to_tell",
    "attach_sticker",
    "batch_look_parked",
    "batch_look_work",
    "batch_problem",
    "batches",
    "bounce_work",
    "deliveries_of",
    "deposit_for",
    "entries_of",
    "error_words",
    "event_words",
    "fetch_mail",
    "fetch_work",
    "folder_state",
    "forget_deliveries",
    "is_unchanged",
    "item_reason",
    "key_of",
    "letter_of",
    "letter_of_code",
    "letters_in",
    "look_work",
    "mailbox_state",
    "make_key",
    "make_partner",
    "mark_reviewed",
    "mend",
    "move_done",
    "move_failed",
    "new_batch",
    "note_use",
    "off_work",
    "open_all",
    "ordered",
    "partner_history",
    "partners",
    "plan_of",
    "reason_words",
    "register_parked",
    "register_work",
    "replace_key",
    "revoke_key",
    "save_batch_look",
    "save_fetch",
    "save_look",
    "save_registered",
    "save_told",
    "seen_pages",
    "send_again",
    "separator_sheets",
    "set_webhook",
    "sticker_sheets",
    "stickers_on",
    "switch_on",
    "tell_parked",
    "tell_work",
    "thumb",
    "to_look_at",
    "trial_message",
    "try_again",
    "try_mailbox",
    "try_now",
    "turn_secret",
    "watched_items",
]
