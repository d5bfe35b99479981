"""One page as it was read, over the API: its words with positions, and a person's corrections."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from registry.access import get_letter
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.reading.corrections import (
    correct_words,
    page_to_correct,
    seal_of_page,
    type_page,
)
from registry.reading.page_edits import (
    LONGEST_PAGE,
    BadEditError,
    Edit,
    LineEdit,
    NewLine,
    PageWord,
    WordEdit,
    words_of,
)
from registry.reading.readings import current_reading
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from web.api.access import caller
from web.api.etags import ETAG, IF_MATCH, need_match, tag_of_words, tagged
from web.api.shape import Shape, shown
from web.api.view import ApiView, checked, get_or_404, operation
from web.shared.page_edits import REFUSED
from web.shared.reading import read_letter


def _box() -> Any:
    return serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        help_text="x0, y0, x1, y1: fractions of the upright page, from its top left.",
    )


class PageWordOut(Shape):
    """A word; 1.0 is the confidence of one that a person saw, on a page whose source is person."""

    text = serializers.CharField()
    box = _box()
    confidence = serializers.FloatField()
    line = serializers.IntegerField()


class PageOut(Shape):
    """The text read on one page, word by word."""

    number = serializers.IntegerField()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="text (it was there), ocr (it was read), person (corrected or typed), none."
    )
    language = serializers.CharField()
    confidence = serializers.FloatField()
    problem = serializers.CharField(help_text="Why it could not be read, a code; else empty.")
    text = serializers.CharField()
    seal = serializers.CharField(help_text="To be sent along with corrections of this page.")
    words = PageWordOut(many=True)

    def show_seal(self, page: dict[str, Any]) -> str:
        """Return the seal of the page as it now reads."""
        return seal_of_page(page)

    def show_words(self, page: dict[str, Any]) -> list[PageWord]:
        """Return the words in their order."""
        return words_of(page)


class WordIn(Shape):
    """A word by its place in the list of words; without text it is removed."""

    index = serializers.IntegerField(min_value=0)
    text = serializers.CharField(allow_blank=True)


class LineIn(Shape):
    """A whole line by its number; without text it is removed."""

    line = serializers.IntegerField(min_value=0)
    text = serializers.CharField(allow_blank=True)


class NewLineIn(Shape):
    """A line that was missed, at its place on the page."""

    box = _box()
    text = serializers.CharField()


class PageEditsIn(Shape):
    """A person's corrections of the page.

    Single words, lines, or the whole text where it has no words.
    """

    seal = serializers.CharField(max_length=64, help_text="Of the page that the person looked at.")
    words = WordIn(many=True, required=False, default=list)
    lines = LineIn(many=True, required=False, default=list)
    new_lines = NewLineIn(many=True, required=False, default=list)
    confirm = serializers.BooleanField(
        required=False, default=False, help_text="The person has seen every word of the page."
    )
    text = serializers.CharField(
        required=False,
        max_length=LONGEST_PAGE,
        help_text="The whole page typed in; the places of its words are unknown then.",
    )


class PageView(ApiView):
    """One page of a document."""

    @operation("get_page", PageOut, 404, asks=[ETAG])
    def get(self, request: Request, letter_id: UUID, document_id: UUID, number: int) -> Response:
        """Return text, and words with their positions and confidence."""
        letter = read_letter(caller(request), letter_id)
        page = _page(_document(letter, document_id), number)
        return tagged(shown(PageOut, page), tag_of_words(seal_of_page(page)))

    @operation(
        "correct_page", PageOut, 400, 403, 404, 409, asks=[IF_MATCH, ETAG], takes=PageEditsIn
    )
    def patch(self, request: Request, letter_id: UUID, document_id: UUID, number: int) -> Response:
        """Correct, confirm or type in the text; the earlier reading is kept.

        409 when the page has changed since it was looked at.
        """
        actor = caller(request)
        letter = get_letter(actor, letter_id)
        document = _document(letter, document_id)
        need(actor, letter, LetterVerb.CORRECT)
        given = checked(PageEditsIn, request)
        what: dict[str, Any] = {
            "actor": actor,
            "document": document,
            "number": number,
            "seen": given["seal"],
        }
        page = _page(document, number)  # 404 where there is none
        need_match(request, tag_of_words(seal_of_page(page)))  # and the seal under the lock
        try:
            if "text" in given:
                type_page(letter, text=given["text"], **what)
            else:
                correct_words(letter, edits=_edits(given), confirm=given["confirm"], **what)
        except BadEditError as error:
            raise ValidationError({"edits": [str(REFUSED[error.code])]}) from error
        page = _page(document, number)
        return tagged(shown(PageOut, page), tag_of_words(seal_of_page(page)))


def _document(letter: Letter, document_id: UUID) -> Document:
    return get_or_404(letter.documents.filter(pk=document_id))


def _page(document: Document, number: int) -> dict[str, Any]:
    """Return the page as it now reads. Raise Http404 where there is none."""
    reading = current_reading(document.pk)
    page = page_to_correct(reading, number) if reading else None
    if page is None:
        raise Http404
    return page


def _edits(given: dict[str, Any]) -> list[Edit]:
    edits: list[Edit] = [
        WordEdit(get_or_404["index"], get_or_404["text"]) for get_or_404 in given["words"]
    ]
    edits += [LineEdit(get_or_404["line"], get_or_404["text"]) for get_or_404 in given["lines"]]
    for line in given["new_lines"]:
        x0, y0, x1, y1 = line["box"]
        edits.append(NewLine((x0, y0, x1, y1), line["text"]))
    return edits
