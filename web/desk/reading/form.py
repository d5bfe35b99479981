"""The form of a page's words: the edits of its fields, and the messages of refusals."""

from collections.abc import Iterator

from django.http import QueryDict

from language.bidi import strip_bidi_controls
from registry.reading.page_edits import BadEditError, Box, Edit, LineEdit, NewLine, WordEdit


def edits_of(given: QueryDict) -> list[Edit]:
    """Return the edits of a form: fields `word-INDEX`, `line-NUMBER`, `new-N` with its `box-N`.

    Raise BadEditError for a name or a place that no page has sent.
    """
    edits: list[Edit] = []
    for kind, place, text in _changed(given):
        if kind == "word":
            edits.append(WordEdit(_place(place), text))
        elif kind == "line":
            edits.append(LineEdit(_place(place), text))
        else:
            edits.append(NewLine(_box(str(given.get(f"box-{place}", ""))), text))
    return edits


def own_texts(given: QueryDict) -> list[str]:
    """Return what the user had typed, to be shown again where it could not be saved."""
    texts = [str(given.get("text", "")), *(text for _kind, _place, text in _changed(given))]
    return [strip_bidi_controls(text) for text in texts if text.strip()]


def _changed(given: QueryDict) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, place, text) of each field that changes something.

    Without JavaScript a form also sends unchanged lines; `was-NUMBER` identifies them.
    """
    for name, value in given.items():
        kind, _dash, place = name.partition("-")
        text = str(value)
        untouched = kind == "line" and text == given.get(f"was-{place}")
        if kind in {"word", "line", "new"} and not untouched:
            yield kind, place, text


def _place(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 7):
        raise BadEditError("no_such_word")
    return int(digits)


def _box(text: str) -> Box:
    try:
        x0, y0, x1, y1 = map(float, text.split())
    except ValueError:
        raise BadEditError("bad_box") from None
    return (x0, y0, x1, y1)
