"""The front door of routing: what pages, the API, commands and the job table may call."""

from routing.access import actions_for
from routing.assignments import accept, assign, refuse, sign_off, transfer
from routing.check.checking import (
    CHECKED,
    check_letter,
    check_queue,
    leave_unsure,
    next_to_check,
    turn_of,
)
from routing.check.checking import ORDER as CHECK_ORDER
from routing.check.checking import claim as claim_check
from routing.check.decisions import correct, decide_suggestion
from routing.check.times import days_of_checks
from routing.check.times import keep_time as keep_check_time
from routing.clocks.due import recompute_due_dates, save_first_due
from routing.clocks.editing import recompute_work
from routing.clocks.pieces import (
    add_pieces,
    ask_for_pieces,
    pieces_parked,
    save_pieces_told,
    tell_pieces_work,
)
from routing.clocks.reminder_mails import save_reminders_told, tell_reminders_work
from routing.clocks.reminders import ask_reminders, remind_work, save_reminders
from routing.clocks.silence import ask_silence, silence_work
from routing.clocks.standing import extend_clock, restart_clock, stop_clock
from routing.clocks.telling import words_of as due_words
from routing.comparing import compare_letter_work, received_by_numbers, save_comparison
from routing.deciding import route_letter_work, save_route
from routing.dispatch.bounces import note_bounce
from routing.dispatch.delivery import (
    dispatch_parked,
    dispatch_problem_words,
    dispatch_work,
    save_dispatch,
)
from routing.dispatch.sending import note_portal_reading, send_reply
from routing.errors import NotAllowedError, SomeoneWasFasterError
from routing.facts.known_senders import (
    contacts_for,
    has_unknown_sender,
    known_of_sender,
    match_sender_work,
    save_match,
)
from routing.figures.counting import ask_figures, count_work, save_count
from routing.learning.model_choice import can_come_back, model_versions, use_version, version_in_use
from routing.learning.retraining import (
    ask_for_retraining,
    new_decisions,
    retrain_nightly,
    retrain_now,
    retrain_work,
    save_retrained,
)
from routing.reading import (
    NEVER,
    Parts,
    assignments_of,
    inbox,
    inbox_counts,
    inbox_parts,
    replies_of,
    settled_parts,
    suggestions_of,
    tray,
    tray_keys,
    with_suggestions,
)
from routing.replies.circuit import approve_reply, return_reply, submit_reply
from routing.replies.drafting import draft_reply, edit_reply
from routing.rules.trials import save_trial, try_rules_work
from routing.suggesting import (
    save_understanding,
    understand_letter_work,
)

__all__ = [
    "CHECKED",
    "CHECK_ORDER",
    "NEVER",
    "NotAllowedError",
    "Parts",
    "SomeoneWasFasterError",
    "accept",
    "actions_for",
    "add_pieces",
    "approve_reply",
    "ask_figures",
    "ask_for_pieces",
    "ask_for_retraining",
    "ask_reminders",
    "ask_silence",
    "assign",
    "assignments_of",
    "can_come_back",
    "check_letter",
    "check_queue",
    "claim_check",
    "compare_letter_work",
    "contacts_for",
    "correct",
    "count_work",
    "days_of_checks",
    "decide_suggestion",
    "dispatch_parked",
    "dispatch_problem_words",
    "dispatch_work",
    "draft_reply",
    "due_words",
    "edit_reply",
    "extend_clock",
    "has_unknown_sender",
    "inbox",
    "inbox_counts",
    "inbox_parts",
    "keep_check_time",
    "known_of_sender",
    "leave_unsure",
    "match_sender_work",
    "model_versions",
    "new_decisions",
    "next_to_check",
    "note_bounce",
    "note_portal_reading",
    "pieces_parked",
    "received_by_numbers",
    "recompute_due_dates",
    "recompute_work",
    "refuse",
    "remind_work",
    "replies_of",
    "restart_clock",
    "retrain_nightly",
    "retrain_now",
    "retrain_work",
    "return_reply",
    "route_letter_work",
    "save_comparison",
    "save_count",
    "save_dispatch",
    "save_first_due",
    "save_match",
    "save_pieces_told",
    "save_reminders",
    "save_reminders_told",
    "save_retrained",
    "save_route",
    "save_trial",
    "save_understanding",
    "send_reply",
    "settled_parts",
    "sign_off",
    "silence_work",
    "stop_clock",
    "submit_reply",
    "suggestions_of",
    "tell_pieces_work",
    "tell_reminders_work",
    "transfer",
    "tray",
    "tray_keys",
    "try_rules_work",
    "turn_of",
    "understand_letter_work",
    "use_version",
    "version_in_use",
    "with_suggestions",
]
