"""The excerpt of a letter that matches a query, in the letter's own spelling."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from language.tokens import Token
from search.answers.matching import Mark, Matcher


class SnippetPart(NamedTuple):
    """A piece of the letter as written; `marked` when it matches the query; never HTML."""

    text: str
    marked: bool


def snippet(
    text: str, matcher: Matcher, *, subject: str = "", length: int = 220
) -> tuple[SnippetPart, ...]:
    """Return the most informative excerpt of about `length` characters, in parts.

    Without a match in the text (the words stand in the subject, or nothing was typed) it is the
    beginning. White space is made single; "…" stands where text is left out.
    """
    return excerpt(text, matcher.marks(text, subject=subject), length=length)


def excerpt(text: str, marks: list[Mark], *, length: int = 220) -> tuple[SnippetPart, ...]:
    """Return the excerpt of these marks (see `snippet`)."""
    start, end = _window(text, marks, length)
    shown = [token for token, _ in marks if start <= token.start and token.end <= end]
    return tuple(_parts(text, shown, start, end))


def plain(parts: Iterable[SnippetPart]) -> str:
    """Return the excerpt as plain text, without marks."""
    return "".join(part.text for part in parts)


def _window(text: str, marks: list[Mark], length: int) -> tuple[int, int]:
    """Return the span with most different matches, then most matches; its ends between words."""
    if not marks:
        return 0, _word_border(text, min(length, len(text)))
    best, best_worth = 0, (0, 0)
    for first, (token, _) in enumerate(marks):
        inside = _from(marks, first, token.start + length)
        worth = (len(set(inside)), len(inside))
        if worth > best_worth:
            best, best_worth = first, worth
    lead = length // 5
    start = max(marks[best][0].start - lead, 0)
    while start > 0 and not text[start - 1].isspace() and start < marks[best][0].start:
        start += 1
    return start, _word_border(text, min(max(start + length, marks[best][0].end), len(text)))


def _from(marks: list[Mark], first: int, end: int) -> list[str]:
    """Return the reasons of the marks from the `first` on that end by `end`."""
    inside = []
    for at in range(first, len(marks)):
        if marks[at][0].end > end:
            break
        inside.append(marks[at][1])
    return inside


def _word_border(text: str, end: int) -> int:
    """Return `end`, moved to the end of its word (but not through a text without spaces)."""
    limit = min(end + 30, len(text))
    while end < limit and not text[end].isspace():
        end += 1
    return end


def _parts(text: str, marked: list[Token], start: int, end: int) -> Iterator[SnippetPart]:
    if start > 0:
        yield SnippetPart("… ", marked=False)
    at = start
    for token in marked:
        if token.start > at:
            yield SnippetPart(_single_spaced(text[at : token.start]), marked=False)
        yield SnippetPart(token.text, marked=True)
        at = token.end
    if at < end:
        yield SnippetPart(_single_spaced(text[at:end]), marked=False)
    if end < len(text.rstrip()):
        yield SnippetPart(" …", marked=False)


def _single_spaced(text: str) -> str:
    words = " ".join(text.split())
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and words else ""
    return f"{before}{words}{after}"
