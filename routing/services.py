"""The front door of routing: what pages, the API, commands and the job table may call."""

from routing.access import actions_for
from routing.assignments import accept, assign, refuse, sign_off, transfer
from routing.deadlines import words_of as due_words
from routing.deciding import route_letter_work, save_route
from routing.delivery import (
    dispatch_parked,
    dispatch_problem_words,
    dispatch_work,
    save_dispatch,
)
from routing.dispatch import note_portal_reading, send_reply
from routing.due import recompute_due_dates
from routing.errors import NotAllowedError, SomeoneWasFasterError
from routing.reading import assignments_of, inbox, replies_of, suggestions_of, tray
from routing.replies import approve_reply, draft_reply, edit_reply, return_reply, submit_reply
from routing.suggesting import (
    correct,
    decide_suggestion,
    save_understanding,
    understand_letter_work,
)

__all__ = [
    "NotAllowedError",
    "SomeoneWasFasterError",
    "accept",
    "actions_for",
    "approve_reply",
    "assign",
    "assignments_of",
    "correct",
    "decide_suggestion",
    "dispatch_parked",
    "dispatch_problem_words",
    "dispatch_work",
    "draft_reply",
    "due_words",
    "edit_reply",
    "inbox",
    "note_portal_reading",
    "recompute_due_dates",
    "refuse",
    "replies_of",
    "return_reply",
    "route_letter_work",
    "save_dispatch",
    "save_route",
    "save_understanding",
    "send_reply",
    "sign_off",
    "submit_reply",
    "suggestions_of",
    "transfer",
    "tray",
    "understand_letter_work",
]
