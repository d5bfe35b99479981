"""The state and the items of the watched folder, for the office's pages."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from channels.folder.models import WatchedItem
from channels.folder.words import PROBLEMS, reason_words

State = WatchedItem.State


@dataclass(frozen=True, slots=True)
class FolderState:
    """The folder's state: whether it is configured, its problem in words, what is being written."""

    configured: bool
    problem: str
    writing: int


def folder_state() -> FolderState:
    """Return the folder's state, by two queries and one check that the folder exists."""
    if not settings.WATCH_FOLDER:
        return FolderState(configured=False, problem="", writing=0)
    stuck = WatchedItem.objects.exclude(state=State.WAITING).filter(moved=False).exists()
    code = "moving" if stuck else ""
    if not Path(settings.WATCH_FOLDER).is_dir():
        code = "folder"
    writing = WatchedItem.objects.filter(state=State.WAITING).count()
    return FolderState(True, str(PROBLEMS[code]) if code else "", writing)


def watched_items(state: str) -> "QuerySet[WatchedItem]":
    """Return the items in a state."""
    return WatchedItem.objects.filter(state=state)


def item_reason(item: WatchedItem) -> str:
    """Return why the item was set aside, in the active language."""
    return reason_words(item.reason, item.name) if item.reason else ""
