"""The front door of routing: what pages, the API, commands and the job table may call."""

from routing.assigning.bulk import Outcome, each
from routing.assigning.giving import Target, assign_all, split
from routing.assigning.lists import keep_list, list_seal, lists_in_use, targets_of
from routing.assignments import accept, assign, put_in_charge, refuse, sign_off, transfer
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
from routing.circuits.filing import save_signed, sign_parked, sign_work
from routing.circuits.signing import sign_reply
from routing.clocks.due import recompute_due_dates, save_first_due
from routing.clocks.editing import recompute_work
from routing.clocks.pieces import (
    add_pieces,
    ask_for_pieces,
    pieces_parked,
    save_pieces_told,
    tell_pieces_work,
)
from routing.clocks.promising import issue_supplement, promise_work
from routing.clocks.reminder_mails import save_reminders_told, tell_reminders_work
from routing.clocks.reminders import ask_reminders, remind_work, save_reminders
from routing.clocks.standing import extend_clock, restart_clock, stop_clock
from routing.clocks.telling import words_of as due_words
from routing.closing.outcomes import is_complaint, outcome_of, record_outcome
from routing.closing.reopening import chance_of, reopen, reopen_by_citizen
from routing.closing.satisfaction import (
    letter_of_token,
    may_rate,
    rate,
    rating_token,
    satisfaction_figures,
)
from routing.comparing import compare_letter_work, received_by_numbers, save_comparison
from routing.deciding import route_letter_work, save_route
from routing.dispatch.bounces import note_bounce
from routing.dispatch.coming_back import ReturnReason, dispatch_problem
from routing.dispatch.delivery import dispatch_parked, dispatch_work, save_dispatch
from routing.dispatch.handing import Identity, IdentityKind, hand_over, identity_of, slip_pdf
from routing.dispatch.lists import at_the_counter, came_back_for, posting_lists, unacknowledged
from routing.dispatch.posting import (
    addressee,
    close_posting_list,
    describe_line,
    draw_list_work,
    drawn_among,
    is_ready,
    s10_is_right,
    save_list,
    to_be_posted,
)
from routing.dispatch.returns import acknowledge, return_post, settle, take_back
from routing.dispatch.rights import dispatch_verbs, need_on_dispatch
from routing.dispatch.sending import note_portal_reading, send_also, send_reply
from routing.dispatch.ways import ways_offered
from routing.drafts.fresh import draft_letter, readdress
from routing.drafts.several import answer_too, change_further, further_of
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
from routing.learning.office_training import (
    ask_for_retraining,
    new_decisions,
    retrain_nightly,
    retrain_now,
    retrain_work,
    save_retrained,
)
from routing.notes.mention_mails import save_mention_told, tell_mention_work
from routing.notes.seeing import mentions_unseen, notes_on, notes_seen_by, readers_of
from routing.notes.writing import change_note, delete_note, write_note
from routing.opinions.asking import (
    Asked,
    ask_opinions,
    asked_of,
    give_opinion,
    opinion_verbs_on,
    opinions_of,
    withdraw_opinion,
)
from routing.reading import (
    NEVER,
    Parts,
    assignments_of,
    inbox,
    inbox_counts,
    inbox_parts,
    settled_parts,
    suggestions_of,
    tray,
    tray_keys,
    with_suggestions,
)
from routing.replies.circuit import approve_reply, return_reply, submit_reply, withdraw_reply
from routing.replies.drafting import draft_reply, edit_reply
from routing.replies.lasting import choose_lasting
from routing.replies.reading import replies_of
from routing.replies.rights import actions_for
from routing.replies.silence import ask_silence, silence_work
from routing.rules.trials import save_trial, try_rules_work
from routing.suggesting import (
    save_understanding,
    understand_letter_work,
)

__all__ = [
    "CHECKED",
    "CHECK_ORDER",
    "NEVER",
    "Asked",
    "Identity",
    "IdentityKind",
    "NotAllowedError",
    "Outcome",
    "Parts",
    "ReturnReason",
    "SomeoneWasFasterError",
    "Target",
    "accept",
    "acknowledge",
    "actions_for",
    "add_pieces",
    "addressee",
    "answer_too",
    "approve_reply",
    "ask_figures",
    "ask_for_pieces",
    "ask_for_retraining",
    "ask_opinions",
    "ask_reminders",
    "ask_silence",
    "asked_of",
    "assign",
    "assign_all",
    "assignments_of",
    "at_the_counter",
    "came_back_for",
    "can_come_back",
    "chance_of",
    "change_further",
    "change_note",
    "check_letter",
    "check_queue",
    "choose_lasting",
    "claim_check",
    "close_posting_list",
    "compare_letter_work",
    "contacts_for",
    "correct",
    "count_work",
    "days_of_checks",
    "decide_suggestion",
    "delete_note",
    "describe_line",
    "dispatch_parked",
    "dispatch_problem",
    "dispatch_verbs",
    "dispatch_work",
    "draft_letter",
    "draft_reply",
    "draw_list_work",
    "drawn_among",
    "due_words",
    "each",
    "edit_reply",
    "extend_clock",
    "further_of",
    "give_opinion",
    "hand_over",
    "has_unknown_sender",
    "identity_of",
    "inbox",
    "inbox_counts",
    "inbox_parts",
    "is_complaint",
    "is_ready",
    "issue_supplement",
    "keep_check_time",
    "keep_list",
    "known_of_sender",
    "leave_unsure",
    "letter_of_token",
    "list_seal",
    "lists_in_use",
    "match_sender_work",
    "may_rate",
    "mentions_unseen",
    "model_versions",
    "need_on_dispatch",
    "new_decisions",
    "next_to_check",
    "note_bounce",
    "note_portal_reading",
    "notes_on",
    "notes_seen_by",
    "opinion_verbs_on",
    "opinions_of",
    "outcome_of",
    "pieces_parked",
    "posting_lists",
    "promise_work",
    "put_in_charge",
    "rate",
    "rating_token",
    "readdress",
    "readers_of",
    "received_by_numbers",
    "recompute_due_dates",
    "recompute_work",
    "record_outcome",
    "refuse",
    "remind_work",
    "reopen",
    "reopen_by_citizen",
    "replies_of",
    "restart_clock",
    "retrain_nightly",
    "retrain_now",
    "retrain_work",
    "return_post",
    "return_reply",
    "route_letter_work",
    "s10_is_right",
    "satisfaction_figures",
    "save_comparison",
    "save_count",
    "save_dispatch",
    "save_first_due",
    "save_list",
    "save_match",
    "save_mention_told",
    "save_pieces_told",
    "save_reminders",
    "save_reminders_told",
    "save_retrained",
    "save_route",
    "save_signed",
    "save_trial",
    "save_understanding",
    "send_also",
    "send_reply",
    "settle",
    "settled_parts",
    "sign_off",
    "sign_parked",
    "sign_reply",
    "sign_work",
    "silence_work",
    "slip_pdf",
    "split",
    "stop_clock",
    "submit_reply",
    "suggestions_of",
    "take_back",
    "targets_of",
    "tell_mention_work",
    "tell_pieces_work",
    "tell_reminders_work",
    "to_be_posted",
    "transfer",
    "tray",
    "tray_keys",
    "try_rules_work",
    "turn_of",
    "unacknowledged",
    "understand_letter_work",
    "use_version",
    "version_in_use",
    "ways_offered",
    "with_suggestions",
    "withdraw_opinion",
    "withdraw_reply",
    "write_note",
]
