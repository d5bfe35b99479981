"""What a problem that a verification finds says to a person, in the language of now."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.problems import Problem

NO_KEY: Final = _("%(option)s: this is not a verifier key (NAME+HASH+KEY), or not a whole one.")
WORDS: Final[Mapping[str, Promise]] = {
    "anchor_refused": _("What an anchor keeps outside cannot be read or does not hold together."),
    "anchor_unsigned": _("An anchor bears no signature of a key that counts here."),
    "checkpoint_unreadable": _("What was brought holds no checkpoint that can be read."),
    "closed_event_gone": _("A change that a closing counted is not in the register any more."),
    "closing_edited": _("A daily closing was changed."),
    "closing_missing": _("A daily closing is missing."),
    "disposal_list_edited": _("A disposal list was changed after the decision."),
    "disposal_undecided": _("A letter was disposed of without a list that says so."),
    "entry_forged": _("An entry of the log is not what the signer sealed."),
    "entry_missing": _("An entry of the log is missing."),
    "erasing_open": _("A permission to erase was left open."),
    "event_edited": _("A change in a letter’s history was altered."),
    "event_missing": _("A change in a letter’s history is missing."),
    "event_without_letter": _("A change belongs to a letter that is not there."),
    "file_changed": _("A file in the vault is not the one that was registered."),
    "file_missing": _("A file is missing in the vault."),
    "file_unread": _("A file in the vault could not be read."),
    "files_unread": _("The files of the vault were not all looked at."),
    "gap": _("A number or a minute of the register is missing."),
    "history_cut": _("The end of a letter’s history is missing."),
    "key_unstated": _("The signer signs with a key that the log does not know."),
    "letter_chain": _("The chain of a letter’s history is broken."),
    "log_refused": _("The signer’s log cannot be compared."),
    "log_rewritten": _("The log was rewritten: its entries are not those of then."),
    "log_shorter": _("The log here is shorter: this database is older, or was cut."),
    "page_missing": _("A page that was read is missing."),
    "register_chain": _("The chain of the register is broken."),
    "register_head": _("The last number of the register is not where its chain ends."),
    "row_edited": _("A row was changed past the register."),
    "row_missing": _("A row is missing."),
    "row_slipped_in": _("A row was added past the register."),
    "row_unreadable": _("A row cannot be read any more: it was changed past the register."),
    "series_behind": _("The counter of a register is behind its letters."),
    "series_missing": _("A year’s series of a register is missing."),
    "trigger_edited": _("A guard of the database was changed."),
    "trigger_missing": _("A guard of the database is missing."),
}


def words_of(problem: Problem) -> str:
    """Return a problem in words, with its code, row and detail for who looks into it."""
    where = f"{problem.row} {problem.detail}".strip()
    told = {"what": WORDS.get(problem.code, problem.code), "code": problem.code, "where": where}
    return gettext("%(what)s [%(code)s: %(where)s]") % told
