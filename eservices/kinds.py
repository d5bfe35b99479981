"""Kinds of events and jobs of the e-services."""

from jobs.kinds import JobKind
from registry.kinds import EventKind


class EserviceEvent(EventKind):
    """What happens to a request, in the history of its letter."""

    REQUEST_OPENED = "request_opened"
    REQUEST_DRAWN = "request_drawn"
    REQUEST_MOVED = "request_moved"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_DECIDED = "request_decided"
    REQUEST_LINKED = "request_linked"
    MESSAGE_TO_CITIZEN = "message_to_citizen"
    MESSAGE_FROM_CITIZEN = "message_from_citizen"
    REQUEST_NOTIFIED = "request_notified"
    CHILD_OPENED = "child_opened"
    CHILD_ENDED = "child_ended"
    QUOTATION_MADE = "quotation_made"
    QUOTATION_ACCEPTED = "quotation_accepted"
    QUOTATION_REFUSED = "quotation_refused"
    MEETING_HELD = "meeting_held"
    ACCEPTANCE_RECORDED = "acceptance_recorded"
    RESERVE_LIFTED = "reserve_lifted"
    CONTACT_LOGGED = "contact_logged"
    CALLBACK_ASKED = "callback_asked"
    CALLBACK_TRIED = "callback_tried"
    WORK_ORDERED = "work_ordered"
    WORK_STARTED = "work_started"
    WORK_DONE = "work_done"
    WORK_CANCELLED = "work_cancelled"
    WORK_FILED = "work_filed"
    DANGER_ALARMED = "danger_alarmed"
    DANGER_SEEN = "danger_seen"


class EserviceJob(JobKind):
    """Work that follows from requests, citizens and field work."""

    CODE_SEND = "code.send"
    REQUEST_TELL = "request.tell"
    DANGER_ALARM = "danger.alarm"
    FIELD_ENDED = "field.ended"
    CODE_AGAIN = "code.again"
    CENTRE_LOOK = "centre.look"
    REQUEST_DRAW = "request.draw"
    DRAFT_TELL = "draft.tell"
    QUOTATION_DRAW = "quotation.draw"
    MINUTES_DRAW = "minutes.draw"
