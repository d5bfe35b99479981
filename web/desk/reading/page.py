"""The page of one read page: its picture beside its words, which a user checks and corrects."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from correspondence.acting.rights import actions_for
from language.bidi import strip_bidi_controls
from language.detect import script_share
from registry.access import get_letter
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading import page_edits
from registry.reading.corrections import (
    correct_words,
    page_to_correct,
    seal_of_page,
    type_page,
)
from registry.reading.page_edits import BadEditError, PageWord
from registry.reading.readings import current_reading, pages_of
from registry.refusals import problem_words
from registry.states import ConflictError, Stage
from routing.acting.verbs import LetterVerb
from web.desk.files import document_of
from web.desk.reading.form import edits_of, own_texts
from web.desk.reading.viewer import SOURCES, WEAK, has_picture, shown_number
from web.shared.guard import StaffRequest, page, reads_letters, redirect_after, verb
from web.shared.page_edits import REFUSED
from web.shared.reading import read_letter

WEAK_PAGE: Final = 0.75  # below this mean confidence a page deserves a look
STRIP: Final = 12  # pages whose little pictures are shown at once
MOST_LINES: Final = 400  # lines that can be typed without JavaScript: a form holds 1,000 fields

_AIR: Final = 2  # thousandths of the page between a word and its frame


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word with its place on the picture (strings for SVG, thousandths of the page).

    `state` is weak, checked (a person saw it) or ""; `percent` the reader's confidence.
    """

    index: int
    text: str
    state: str
    percent: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the page; `direction` is rtl or ltr."""

    number: int
    direction: str
    text: str
    words: list[ShownWord]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page in the strip; `state` is problem, weak, checked or ""."""

    number: int
    state: str
    here: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """Some pages around the present one; `before` and `after` lead to further ones."""

    pages: list[PageLink]
    total: int
    before: int | None
    after: int | None


@page(reads_letters)
def show(request: StaffRequest, letter_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """Show the page; `?go=` jumps to another page of the document."""
    letter = read_letter(request.user, letter_id)
    document = document_of(letter, document_id)
    if "go" in request.GET:
        wanted = shown_number(request.GET["go"])
        return redirect("desk:read_page", letter.pk, document.pk, max(1, wanted))
    return _rendered(request, letter, document, number)


@verb(reads_letters)
def correct(request: StaffRequest, letter_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """Save a user's corrections: words and lines, "all right", or a text typed in."""
    letter = get_letter(request.user, letter_id)
    document = document_of(letter, document_id)
    if LetterVerb.CORRECT not in actions_for(request.user, letter) and letter.stage != Stage.VOIDED:
        raise PermissionDenied
    try:
        done = _keep(request, letter, document, number)
    except ConflictError:
        own = own_texts(request.POST)
        return _rendered(request, letter, document, number, own=own, status=409)
    except BadEditError as error:
        messages.error(request, str(REFUSED[error.code]))
        own = own_texts(request.POST)
        return _rendered(request, letter, document, number, own=own, status=400)
    messages.success(request, done)
    address = reverse("desk:read_page", args=[letter.pk, document.pk, number])
    return redirect_after(address, request)


def _keep(request: StaffRequest, letter: Letter, document: Document, number: int) -> str:
    """Call the function that the form names, and return the message for the user."""
    given = request.POST
    what: dict[str, Any] = {
        "actor": request.user,
        "document": document,
        "number": number,
        "seen": given.get("seen", ""),
    }
    if given.get("do") == "type":
        type_page(letter, text=given.get("text", ""), **what)
        return _("The text of the page is kept.")
    confirm = given.get("do") == "confirm"
    edits = edits_of(given)
    if correct_words(letter, edits=edits, confirm=confirm, **what) is None:
        return _("Nothing had changed.")
    if confirm:
        return _("The page is confirmed.")
    count = len(edits)
    return ngettext("%(n)d correction kept.", "%(n)d corrections kept.", count) % {"n": count}


def _rendered(
    request: StaffRequest,
    letter: Letter,
    document: Document,
    number: int,
    *,
    own: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    reading = current_reading(document.pk)
    pages = pages_of(reading) if reading else []
    if number < 1 or number > max(len(pages), 1):
        raise Http404
    shown = page_to_correct(reading, number) if reading else None
    context: dict[str, Any] = {
        "letter": letter,
        "document": document,
        "number": number,
        "strip": strip_of(pages, number),
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < len(pages) else None,
        "has_picture": has_picture(document),
        "problem": _problem(document, reading),
        "may": reading is not None and LetterVerb.CORRECT in actions_for(request.user, letter),
        "own": own or [],
        "status": status,
    }
    return render(request, "web/page.html", context | _page_context(shown), status=status)


def _page_context(shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the template shows of a page of a reading; nothing while it is unread."""
    if shown is None:
        return {"page": None}
    lines = lines_of(shown)
    read = bool(lines) and shown.get("source") in {"ocr", "person"}
    return {
        "page": shown,
        "seen": seal_of_page(shown),
        "lines": lines,
        "typable": lines[:MOST_LINES],
        "text": strip_bidi_controls(shown.get("text", "")),
        "source": SOURCES.get(shown.get("source", "none"), SOURCES["none"]),
        "percent": round(100 * float(shown.get("confidence", 0))) if read else None,
        "weak": sum(word.state == "weak" for line in lines for word in line.words),
        "page_problem": problem_words(shown["problem"]) if shown.get("problem") else "",
        "direction": "rtl" if shown.get("language") == "ar" else "ltr",
    }


def _problem(document: Document, reading: DocumentReading | None) -> str:
    code = document.problem or (reading.problem if reading else "")
    return problem_words(code) if code else ""


def lines_of(shown: dict[str, Any]) -> list[ShownLine]:
    """Return the lines of a page of a reading, as they are laid out on screen."""
    person = shown.get("source") == "person"
    words = [w._replace(text=strip_bidi_controls(w.text)) for w in page_edits.words_of(shown)]
    places = {id(word): index for index, word in enumerate(words)}
    otherwise = "rtl" if shown.get("language") == "ar" else "ltr"
    return [
        ShownLine(
            number=line[0].line,
            direction=direction_of(page_edits.line_text(line), otherwise),
            text=page_edits.line_text(line),
            words=[_shown(word, places[id(word)], person=person) for word in line],
        )
        for line in page_edits.lines_of(words)
    ]


def direction_of(text: str, otherwise: str) -> str:
    """Return the direction of most of a line's letters; `otherwise` where it has none."""
    if not any(char.isalpha() for char in text):
        return otherwise
    return "rtl" if script_share(text) > 0.5 else "ltr"


def _shown(word: PageWord, index: int, *, person: bool) -> ShownWord:
    x0, y0, x1, y1 = (1000 * edge for edge in word.box)
    sizes = (x0 - _AIR, y0 - _AIR, max(x1 - x0, 1) + 2 * _AIR, max(y1 - y0, 1) + 2 * _AIR)
    state = "weak" if word.confidence < WEAK else ""
    if person and word.confidence >= page_edits.CHECKED:
        state = "checked"
    percent = int(100 * word.confidence)
    return ShownWord(index, word.text, state, percent, *(f"{size:.1f}" for size in sizes))


def strip_of(pages: list[dict[str, Any]], number: int) -> Strip:
    """Return the pages around page `number`, `STRIP` at a time."""
    total = max(len(pages), 1)
    first = (number - 1) // STRIP * STRIP
    shown = pages[first : first + STRIP]
    links = [PageLink(int(p["number"]), _state(p), int(p["number"]) == number) for p in shown]
    after = first + STRIP + 1
    return Strip(links, total, first or None, after if after <= total else None)


def _state(summary: dict[str, Any]) -> str:
    if summary.get("problem") == "doubtful":
        return "weak"
    if summary.get("problem"):
        return "problem"
    if summary.get("source") == "person":
        return "checked"
    sure = float(summary.get("confidence", 1))
    return "weak" if summary.get("source") == "ocr" and sure < WEAK_PAGE else ""
