"""What of a query is prose, and so has a meaning."""

import re
from typing import Final

from language.bidi import strip_bidi_controls
from search.contract import LONGEST_WORDS

# What is not prose: exclusions, fields, references, numbers, and the signs of a query.
_NO_PROSE: Final = re.compile(r"(?<!\S)[-−–]\S+|\b\w+:(?=\S)|\S*\d\S*|[\"«»“”*]")


def prose_of(words: str) -> str:
    """Return the meaningful part of a query; "" for numbers, references and single letters."""
    left = " ".join(_NO_PROSE.sub(" ", strip_bidi_controls(words[:LONGEST_WORDS])).split())
    return left if sum(char.isalpha() for char in left) >= 3 else ""
