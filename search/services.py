"""The front door of search: what pages, the API, commands and the job table may call."""

from search.alert_mails import save_told, tell_work
from search.alerts import ask_alerts, forget_alerts, look_work, save_look
from search.asked import AskedSearch
from search.exports import (
    ask_export,
    export_parked,
    exports_of,
    fetch_export,
    forget_exports,
    forget_strays,
    save_export,
)
from search.finding import FoundLetters, LetterHit, find_letters
from search.indexing import index_letter_work, index_state, rebuild_index, settle_index
from search.suggestions import suggest

__all__ = [
    "AskedSearch",
    "FoundLetters",
    "LetterHit",
    "ask_alerts",
    "ask_export",
    "export_parked",
    "exports_of",
    "fetch_export",
    "find_letters",
    "forget_alerts",
    "forget_exports",
    "forget_strays",
    "index_letter_work",
    "index_state",
    "look_work",
    "rebuild_index",
    "save_export",
    "save_look",
    "save_told",
    "settle_index",
    "suggest",
    "tell_work",
]
