"""Direction marks: removed from what is stored, put around what is shown."""

from typing import Final

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_DIRECTIONAL_ISOLATE: Final = "\u2069"
# ALM, LRM, RLM, the embeddings and overrides, the isolates (Unicode Annex 9, section 2).
BIDI_CONTROLS: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NOTHING: Final = dict.fromkeys(map(ord, BIDI_CONTROLS))


def strip_bidi_controls(text: str) -> str:
    """Return `text` without direction controls, which can make a name or file read as another."""
    return text.translate(_NOTHING)


def isolate(text: str) -> str:
    """Return untrusted `text` between FSI and PDI: its direction cannot leak to its neighbours.

    Controls inside are removed first, so that none of them can close the isolate early.
    """
    return f"{FIRST_STRONG_ISOLATE}{strip_bidi_controls(text)}{POP_DIRECTIONAL_ISOLATE}"
