"""What a page says, however its template is laid out."""

import re


def flat(html: str) -> str:
    """Return the page with each run of white space as one space."""
    return re.sub(r"\s+", " ", html)
