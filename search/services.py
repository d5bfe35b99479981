"""The public interface of search: what pages, the API, commands and the job table may call."""

from search.address.request import SearchRequest
from search.address.strict import BadSearchError, read_search, unknown_names
from search.exports.export_requests import (
    export_parked,
    exports_of,
    fetch_export,
    forget_exports,
    forget_strays,
    request_export,
    save_export,
)
from search.finding import find_letters
from search.hits import FoundLetters, LetterHit
from search.index.keeping import (
    ensure_index,
    index_letter_work,
    index_letters_work,
    index_state,
    rebuild_work,
    wait_until_searchable,
)
from search.index.rebuilding import rebuild_index
from search.index.repairing import repair_index, repair_work
from search.meaning.finding import letters_by_meaning, meaning_state, similar_letters
from search.meaning.keeping import (
    embed_letter_work,
    fill_work,
    meaning_index_state,
    rebuild_meaning,
    save_filled,
    save_vector,
    start_filling,
    wants_meaning,
)
from search.meaning.word_list import forget_old_words, words_in_use
from search.meaning.word_making import (
    fill_nightly,
    queue_words,
    save_words,
    start_words,
    words_work,
)
from search.saved.alert_mails import mail_alerts_work, save_mailed_alerts
from search.saved.alerts import alert_round_work, forget_alerts, queue_alerts, save_alert_round
from search.suggestions import suggest

__all__ = [
    "BadSearchError",
    "FoundLetters",
    "LetterHit",
    "SearchRequest",
    "alert_round_work",
    "embed_letter_work",
    "ensure_index",
    "export_parked",
    "exports_of",
    "fetch_export",
    "fill_nightly",
    "fill_work",
    "find_letters",
    "forget_alerts",
    "forget_exports",
    "forget_old_words",
    "forget_strays",
    "index_letter_work",
    "index_letters_work",
    "index_state",
    "letters_by_meaning",
    "mail_alerts_work",
    "meaning_index_state",
    "meaning_state",
    "queue_alerts",
    "queue_words",
    "read_search",
    "rebuild_index",
    "rebuild_meaning",
    "rebuild_work",
    "repair_index",
    "repair_work",
    "request_export",
    "save_alert_round",
    "save_export",
    "save_filled",
    "save_mailed_alerts",
    "save_vector",
    "save_words",
    "similar_letters",
    "start_filling",
    "start_words",
    "suggest",
    "unknown_names",
    "wait_until_searchable",
    "wants_meaning",
    "words_in_use",
    "words_work",
]
