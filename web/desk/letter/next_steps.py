"""The next steps of a letter for the present user, and the sections of its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from correspondence.models.states import ReplyState
from registry.states import Stage
from routing.models.states import LIVE

GONE: Final = (ReplyState.SENT, ReplyState.DELIVERED)
MOST_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A section of the letter's page: its anchor, an icon, its name, and a short remark."""

    anchor: str
    icon: str
    words: str
    mark: str = ""


def steps_of(shown: dict[str, Any]) -> list[Place]:
    """Return this user's next steps, the most urgent first, from the page's context.

    Three steps at most, and none where the letter waits for somebody else.
    """
    return [*_on_request(shown), *_steps(shown)][:MOST_STEPS]


def _on_request(shown: dict[str, Any]) -> Iterator[Place]:
    if any(not one.offered.blocked for one in shown.get("asked_actions", ())):
        yield Place("request", "lists", _("Take the request on"))


def _steps(shown: dict[str, Any]) -> Iterator[Place]:
    can, rows = shown["can"], [given.verbs for given in shown["assignments"]]
    lies = any(given.row.state in LIVE for given in shown["assignments"])
    replies = [reply.verbs for reply in shown["replies"]]
    under_way = any(reply.row.state not in GONE for reply in shown["replies"])
    answered = shown["letter"].stage == Stage.ANSWERED
    if any("give_opinion" in one.verbs for one in shown["opinions"]):
        yield Place("opinions", "info", _("Give your opinion"))
    if any("sign_reply" in verbs for verbs in replies):
        yield Place("replies", "pen", _("Sign the reply, or return it"))
    elif any(verbs & {"approve_reply", "return_reply"} for verbs in replies):
        yield Place("replies", "pen", _("Approve the reply, or return it"))
    if any("send_reply" in verbs for verbs in replies):
        yield Place("replies", "send", _("Send the reply"))
    if any("accept" in verbs for verbs in rows):
        yield Place("routing", "check", _("Accept the letter, or refuse it"))
    if any("submit_reply" in verbs for verbs in replies):
        yield Place("replies", "forward", _("Finish the draft and submit it"))
    if "assign" in can and not lies:
        yield Place("routing", "forward", _("Choose the department"))
    if "draft_reply" in can and not under_way and not answered:
        yield Place("replies", "reply", _("Write the reply"))
    if any("sign_off" in verbs for verbs in rows) and not under_way:
        words = _("Sign off") if answered else _("Sign it off, where no letter is needed")
        yield Place("routing", "check", words)


def places_of(shown: dict[str, Any]) -> list[Place]:
    """Return the sections that the letter's page has for this user, in their order."""
    can, clock = shown["can"], shown["clock"]
    sections = [
        (shown.get("asked"), "request", "lists", _("Request"), ""),
        (shown.get("works_seen"), "works", "works", _("Quotation"), ""),
        (shown.get("agency"), "agency", "bill", _("Bills"), ""),
        (True, "facts", "letter", _("Facts"), ""),
        (shown["assignments"] or "assign" in can, "routing", "forward", _("Routing"), ""),
        (
            shown["opinions"] or "ask_opinion" in can, "opinions", "info", _("Opinions"),
            str(shown["opinions_missing"] or ""),
        ),
        (
            shown.get("note_reaches"), "notes", "pen", _("Notes"),
            str(len(shown.get("notes", ())) or ""),
        ),
        (
            shown.get("work_orders") or shown.get("work_request"), "work-orders", "turn",
            _("Work in the field"), str(len(shown.get("work_orders", ())) or ""),
        ),
        (clock, "clock", "clock", _("Clock"), _("stands") if clock and clock["standing"] else ""),
        (shown["paper_way"] or shown["papers"], "paper", "print", _("Paper"), ""),
        (
            shown["replies"] or "draft_reply" in can, "replies", "reply", _("Replies"),
            str(len(shown["replies"]) or ""),
        ),
        (shown["closes"], "closing", "stamp", _("Outcome"), ""),
        (
            shown["nearby"] or "link" in can or shown["by_meaning"], "related", "pages",
            _("Related"), str(sum(not near.near.link for near in shown["nearby"]) or ""),
        ),
        (True, "history", "history", _("History"), ""),
    ]  # fmt: skip
    return [
        Place(anchor, icon, words, mark) for there, anchor, icon, words, mark in sections if there
    ]
