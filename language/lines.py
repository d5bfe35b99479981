"""A line of text as the register keeps it: no control character, no direction mark, no break."""

from language.bidi import strip_bidi_controls


def one_line(text: str, length: int = 500) -> str:
    """Return one line of printable characters, at most `length`, single spaces between words."""
    plain = strip_bidi_controls(text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:length]
