"""Kinds of jobs of the search."""

from jobs.kinds import JobKind


class SearchJob(JobKind):
    """Work on the index, on vectors, exports and saved searches."""

    LETTER_MEANING = "letter.meaning"
    MEANING_FILL = "meaning.fill"
    MEANING_WORDS = "meaning.words"
    INDEX_REBUILD = "index.rebuild"
    INDEX_REPAIR = "index.repair"
    SEARCH_EXPORT = "search.export"
    SEARCH_ALERTS = "search.alerts"
    SEARCH_TELL = "search.tell"
