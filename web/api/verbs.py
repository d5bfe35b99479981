"""The verbs of the API: one row for each; routes, schema and dispatch come out of `web.api.table`.

What the caller may not read is 404; what they may read but not do is 403.
"""

from typing import Final

from correspondence.dispatch import returns, sending
from correspondence.drafts.mailings import ask as ask_mailing
from correspondence.models.replies import Reply
from correspondence.replies.circuit import withdraw_reply
from registry.book import voiding
from routing.acting.verbs import LetterVerb
from routing.clocks import stopping
from routing.clocks.pieces import add_pieces
from routing.closing import reopening
from routing.inbox import assignments
from routing.models.notes import Note
from routing.notes import writing
from routing.opinions import opinion_requests
from web.api import (
    clocks,
    custody,
    decisions,
    drafts,
    giving,
    notes,
    opinions,
    outgoing,
    outgoing_shapes,
    replies,
    reply_shapes,
    requests,
    same,
)
from web.api import subjects as on
from web.api.described import FORM, JSON
from web.api.draft_shapes import AlsoIn, MailingDoIn
from web.api.eservice_verbs import OF_READINGS, OF_REQUESTS
from web.api.table import Look, Verb

BOTH: Final = (FORM, JSON)
FILES: Final = (403, 404, 409, 422)  # of verbs that take or make a file
PLAIN: Final = (403, 404)

OF_LETTERS: Final = (
    Verb(
        on.TO_ASSIGN, "/assign", "assign", "assign_letter", giving.assign,
        "Assign the letter to a department, for action or as a copy.",
        requests.AssignIn, status=201,
    ),
    Verb(
        on.TO_SEVERAL, "/assignments", "give", "give_letter", giving.give,
        "Assign the letter to several departments for action and with copies: all or none.\n\n"
        "By a distribution list those that have the letter already are left out.",
        giving.GiveIn, status=201,
    ),
    Verb(
        on.TO_SEVERAL, "/split", "split", "split_letter", giving.split,
        "Split a letter that holds several matters; its number stays one.",
        giving.SplitIn, status=201,
    ),
    Verb(
        on.LETTER, "/corrections", "corrections", "correct_letter", decisions.correct,
        "Accept or correct the facts of a letter.", requests.CorrectionIn,
    ),
    Verb(
        on.RELATED, "/same", "same", "link_letters", same.link,
        "Record how this letter and another belong together, or that they do not.",
        requests.LinkIn, right=LetterVerb.LINK, reads=same.SameView,
    ),
    Verb(
        on.TO_VOID, "/void-requests", "void_requests", "ask_to_void", voiding.ask_to_void,
        "Ask for a letter to be voided; another person decides.",
        requests.ReasonIn, right=LetterVerb.ASK_VOID, status=201,
    ),
    Verb(
        on.OUTCOME, "/outcome", "outcome", "record_outcome", decisions.record_outcome,
        "Record the outcome of a closed letter, or correct it with a reason.", requests.OutcomeIn,
    ),
    Verb(
        on.LETTER, "/reopen", "reopen", "reopen_letter", reopening.reopen,
        "Reopen an answered letter; it goes back to the department that answered.",
        requests.ReasonIn,
    ),
    Verb(
        on.CLOCK, "/clock/stop", "stop_clock", "stop_clock", stopping.stop_clock,
        "Stop the clock: from today on no day counts, until it is restarted.", requests.ReasonIn,
    ),
    Verb(
        on.CLOCK, "/clock/restart", "restart_clock", "restart_clock", stopping.restart_clock,
        "Restart the clock: the days count again from tomorrow on.", requests.ReasonIn,
    ),
    Verb(
        on.CLOCK, "/clock/extend", "extend_clock", "extend_clock", stopping.extend_clock,
        "Extend the term once, by what the rule grants.", requests.ReasonIn,
    ),
    Verb(
        on.CLOCK, "/pieces", "ask_pieces", "ask_for_pieces", clocks.ask_for_pieces,
        "Ask the citizen for missing pieces, once; the clock is stopped until they arrive.",
        clocks.PiecesIn, reads=clocks.PiecesView,
    ),
    Verb(
        on.CLOCK, "/pieces/files", "add_pieces", "add_pieces", add_pieces,
        "Add pieces that were asked for; the clock restarts once all are there, or `complete`.",
        clocks.FilesIn, forms=(FORM,), read=clocks.sent_pieces, refused=FILES,
    ),
    Verb(
        on.PAPER, "/custody", "custody", "move_paper", custody.move,
        "Record where the original is now.", custody.CustodyIn, reads=custody.CustodyView,
    ),
    Verb(
        on.OPINIONS, "/opinions", "opinions", "ask_opinions", opinions.ask,
        "Ask departments for an opinion; the letter goes on meanwhile.",
        opinions.OpinionsIn, status=201, reads=opinions.OpinionsView,
    ),
    Verb(
        on.NOTES, "/notes", "notes", "write_note", notes.write,
        "Write a note; nothing is kept where somebody is mentioned who would not see it.",
        notes.NewNoteIn, status=201, refused=PLAIN, reads=notes.NotesView, makes=Note,
    ),
    Verb(
        on.REPLIES, "/replies", "replies", "draft_reply", replies.draft,
        "Begin a reply, of text or a file or both, or out of a template.",
        requests.ReplyDraftIn, status=201, forms=BOTH, refused=FILES, makes=Reply,
    ),
)  # fmt: skip

OF_ASSIGNMENTS: Final = (
    Verb(
        on.ASSIGNMENT, "/accept", "accept", "accept_assignment", assignments.accept,
        "Accept the assignment, for the department.",
    ),
    Verb(
        on.ASSIGNMENT, "/refuse", "refuse", "refuse_assignment", assignments.refuse,
        "Return the letter to the registry office, with a reason.", requests.ReasonIn,
    ),
    Verb(
        on.ASSIGNMENT, "/transfer", "transfer", "transfer_assignment", giving.transfer,
        "Transfer the letter to another department; answer with the new assignment.",
        requests.TransferIn,
    ),
    Verb(
        on.ASSIGNMENT, "/sign_off", "sign_off", "sign_off_assignment", assignments.sign_off,
        "Sign off for the department; the last sign-off closes the letter.", requests.SignOffIn,
    ),
    Verb(
        on.ASSIGNMENT, "/person", "in_charge", "put_in_charge", giving.put_in_charge,
        "Name the person of the department who is in charge, as its head.",
        giving.InChargeIn, method="put",
    ),
)  # fmt: skip

OF_OTHERS: Final = (
    Verb(
        on.OPINION, "/answer", "give_opinion", "give_opinion", opinion_requests.give_opinion,
        "Give the opinion of the department asked.", opinions.AnswerIn,
    ),
    Verb(
        on.OPINION, "/withdraw", "withdraw_opinion", "withdraw_opinion",
        opinion_requests.withdraw_opinion, "Withdraw the request.",
    ),
    Verb(
        on.NOTE, "", "note", "change_note", writing.change_note,
        "Rewrite the note, for the same people.", notes.NoteIn, method="put",
    ),
    Verb(
        on.NO_NOTE, "", "note", "delete_note", writing.delete_note,
        "Delete the note.", method="delete", status=204,
    ),
    Verb(
        on.VOID, "/approve", "approve_void", "approve_void", decisions.approve_void,
        "Void the letter: the number stays in the book, struck through, with a minute.",
    ),
    Verb(
        on.VOID, "/refuse", "refuse_void", "refuse_void", decisions.refuse_void,
        "Keep the letter as it is.",
    ),
    Verb(
        on.MAILING, "", "mailing", "do_with_mailing", ask_mailing,
        "Retry failed ones, submit, approve or send every reply, by a job.",
        MailingDoIn, status=202, reads=drafts.MailingView,
    ),
)  # fmt: skip

OF_REPLIES: Final = (
    Verb(
        on.REPLY, "", "reply", "edit_reply", replies.edit,
        "Change a draft: its subject and text, and its file where one is sent.",
        requests.ReplyEditIn, method="put", forms=BOTH, refused=FILES,
    ),
    Verb(
        on.REPLY, "/lasting", "lasting", "choose_lasting", replies.choose,
        "Choose how a draft continues whose file was not made into PDF/A (`archive_problem`).",
        reply_shapes.LastingIn,
    ),
    Verb(
        on.REPLY, "/submit", "submit", "submit_reply", replies.submit,
        "Submit a draft for approval, by a circuit that fits or by the default one.",
        reply_shapes.SubmitIn,
    ),
    Verb(
        on.REPLY, "/approve", "approve", "approve_reply", replies.visa,
        "Give a visa, under the name from before there were circuits.", reply_shapes.StepIn,
    ),
    Verb(
        on.REPLY, "/visa", "visa", "visa_reply", replies.visa,
        "Give a visa; with the last one the reply is approved.", reply_shapes.StepIn,
    ),
    Verb(
        on.REPLY, "/sign", "sign", "sign_reply", replies.sign,
        "Sign: the number is taken now; the signed paper is filed by a job (`signed`).",
        reply_shapes.StepIn, refused=FILES,
    ),
    Verb(
        on.REPLY, "/return", "return", "return_reply", replies.send_back,
        "Return the draft to its author, with a remark.", reply_shapes.ReturnIn,
    ),
    Verb(
        on.REPLY, "/withdraw", "withdraw", "withdraw_reply", withdraw_reply,
        "Make the reply a draft again, by its department, before all have approved or signed.",
        refused=(400, 403, 404, 409),
    ),
    Verb(
        on.REPLY, "/send", "send", "send_reply", sending.send_reply,
        "Send the reply: one that is not signed is registered in the outgoing register first.",
        requests.SendIn, refused=FILES,
    ),
    Verb(
        on.REPLY, "/ways", "send_also", "send_reply_also", sending.send_also,
        "Send a reply that has left by a further way too, under the number that it has.",
        requests.SendIn,
    ),
    Verb(
        on.DRAFT, "/also", "also", "answer_too", replies.answer_too,
        "Set which further letters a draft answers; those not named are removed.",
        AlsoIn, method="put",
    ),
)  # fmt: skip

OF_DISPATCHES: Final = (
    Verb(
        on.DISPATCH, "/line", "posting_line", "describe_posting_line", outgoing.describe,
        "Set tracking number, weight in grams and postage of a letter that waits to be posted.",
        outgoing_shapes.PostingLineIn, method="put", refused=PLAIN,
    ),
    Verb(
        on.DISPATCH, "/acknowledge", "acknowledge", "acknowledge_dispatch", outgoing.acknowledge,
        "Record the returned acknowledgement of receipt: the day, and a scan of it.",
        outgoing_shapes.AcknowledgeIn, forms=BOTH, refused=FILES,
    ),
    Verb(
        on.DISPATCH, "/return", "return_post", "return_dispatch", returns.return_post,
        "Record that the post office returned the letter.", outgoing_shapes.ReturnedIn,
    ),
    Verb(
        on.DISPATCH, "/settle", "settle_dispatch", "settle_dispatch", returns.settle,
        "Record that the returned letter was dealt with without sending it again.",
        requests.RemarkIn,
    ),
    Verb(
        on.DISPATCH, "/take_back", "take_back", "take_dispatch_back", returns.take_back,
        "Withdraw a letter waiting for the post office or at the counter, to send it otherwise.",
    ),
    Verb(
        on.DISPATCH, "/hand_over", "hand_over", "hand_over", outgoing.hand_over,
        "Record that this person was given the letter; their signature is a picture or a PDF.",
        outgoing_shapes.HandOverIn, forms=(FORM,), refused=FILES,
    ),
)  # fmt: skip

LOOKS: Final = (
    Look(on.ASSIGNMENT, "assignment", "get_assignment", "Return one assignment."),
    Look(on.OPINION_READ, "opinion", "get_opinion", "Return one request for an opinion."),
    Look(on.VOID, "void_request", "get_void_request", "Return one request to void a letter."),
    Look(on.NOTE_READ, "note", "get_note", "Return one note."),
    Look(on.REPLY_READ, "reply", "get_reply", "Return one reply, with the steps of its circuit."),
    Look(on.READING, "reading", "get_reading", "Return one reading, with its history."),
    Look(on.DISPATCH, "dispatch", "get_dispatch", "Return one dispatch of a reply."),
)

VERBS: Final = (
    *LOOKS,
    *OF_LETTERS,
    *OF_ASSIGNMENTS,
    *OF_OTHERS,
    *OF_REPLIES,
    *OF_DISPATCHES,
    *OF_READINGS,
    *OF_REQUESTS,
)
