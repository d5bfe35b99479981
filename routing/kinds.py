"""Kinds of events and jobs of routing: who acts, by when, and how it ends."""

from enum import nonmember

from jobs.kinds import JobKind
from registry.kinds import EventKind


class RoutingEvent(EventKind):
    """What people and rules decide about a letter, its terms, notes, opinions and paper."""

    UNDERSTOOD = "understood"
    PROPOSED = "proposed"
    RULE_APPLIED = "rule_applied"
    CHECK_LEFT = "check_left"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    SIGNED_OFF = "signed_off"
    PUT_IN_CHARGE = "put_in_charge"
    NOTE_WRITTEN = "note_written"
    NOTE_CHANGED = "note_changed"
    NOTE_DELETED = "note_deleted"
    OPINION_ASKED = "opinion_asked"
    OPINION_GIVEN = "opinion_given"
    OPINION_WITHDRAWN = "opinion_withdrawn"
    PAPER_TAKEN = "paper_taken"
    PAPER_HANDED = "paper_handed"
    PAPER_CONFIRMED = "paper_confirmed"
    PAPER_BOXED = "paper_boxed"
    DUE_SET = "due_set"
    DUE_CHANGED = "due_changed"
    DUE_EXPLAINED = "due_explained"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_RESTARTED = "clock_restarted"
    CLOCK_EXTENDED = "clock_extended"
    PIECES_ASKED = "pieces_asked"
    PIECE_ADDED = "piece_added"
    PIECES_ADDED = "pieces_added"
    ADDED_UNASKED = "added_unasked"
    PIECES_MAILED = "pieces_mailed"
    PIECES_TO_PRINT = "pieces_to_print"
    REOPENED = "reopened"
    OUTCOME_RECORDED = "outcome_recorded"
    OUTCOME_CORRECTED = "outcome_corrected"
    RATED = "rated"
    # Written by correspondence; named here since a citizen's term for reopening runs from both.
    REPLY_SENT = "reply_sent"
    REPLY_LEFT = "reply_left"

    NEWS = nonmember(
        frozenset(
            {
                *(ASSIGNED, PUT_IN_CHARGE, REFUSED),
                *(OPINION_ASKED, OPINION_GIVEN, OPINION_WITHDRAWN),
                *(REOPENED, RATED, REPLY_SENT),
                *(PIECES_ADDED, ADDED_UNASKED),
            }
        )
    )


class RoutingJob(JobKind):
    """Work that follows from facts, rules, terms and notes."""

    LETTER_ROUTE = "letter.route"
    LETTER_CONTACT = "letter.contact"
    RULES_TRY = "rules.try"
    MODEL_RETRAIN = "model.retrain"
    CLOCKS_RECOMPUTE = "clocks.recompute"
    REMINDERS_LOOK = "reminders.look"
    REMINDERS_TELL = "reminders.tell"
    NOTES_TELL = "notes.tell"
    PIECES_TELL = "pieces.tell"
    LETTERS_TOGETHER = "letters.together"
