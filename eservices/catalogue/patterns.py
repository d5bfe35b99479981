"""Patterns of fields: tried on answers, and judged before a version with them is kept."""

import re
from typing import Final

from django.utils.translation import gettext as _

from eservices.catalogue.definition import Definition, Problem
from language.numerals import ascii_digits
from language.whole_patterns import BadPatternError, check_pattern, is_whole

MOST_PATTERN: Final = 200  # characters that a pattern is tried on


def fits_pattern(pattern: str, text: str) -> bool:
    """Return whether a whole answer is written as the pattern says."""
    if len(text) > MOST_PATTERN:
        return False
    text = ascii_digits(text)
    try:
        return is_whole(pattern, text)
    except BadPatternError:
        pass  # of a type that was kept before such patterns were refused
    try:
        return re.fullmatch(pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return True  # the type is at fault, not the person


def hard_patterns(found: Definition) -> list[Problem]:
    """Return the patterns that an answer might be tried on for ever: of no new version.

    A version that was kept before goes on with them.
    """
    problems = []
    for one in found.fields():
        try:
            check_pattern(one.pattern)
        except BadPatternError:
            words = _("is a regular expression that refers back, or is too large")
            problems.append(Problem(f"fields.{one.code}.pattern", words))
    return problems
