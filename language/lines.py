"""Lines of text as they are kept."""

from language.bidi import strip_bidi_controls


def one_line(text: str, length: int = 500) -> str:
    """Return one line of printable characters, at most `length`, single spaces between words.

    So there is no control character, no direction mark and no break in what the register keeps.
    """
    plain = strip_bidi_controls(text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:length]


def with_line_feeds(text: str) -> str:
    """Return the text with one character for each end of a line, as a browser counts them.

    It sends two, so that what just fits its field would be too long.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")
