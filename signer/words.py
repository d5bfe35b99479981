"""The words of processes that speak before Django does, or without it, in the office's language.

LANGUAGE_CODE says which; the catalogues are those of the packages.
"""

import gettext as catalogues
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
USUAL: Final = "fr"


def speaker(*packages: str) -> Callable[[str], str]:
    """Return a function that gives a text of these packages in the office's language.

    Nothing is read before its first call; a text that no catalogue has stays English.
    """
    found: list[catalogues.NullTranslations] = []

    def speak(text: str) -> str:
        if not found:
            found.append(_catalogue(packages, office_language()))
        return found[0].gettext(text)

    return speak


def office_language() -> str:
    """Return what LANGUAGE_CODE says, or the language of an office that says nothing."""
    return os.environ.get("LANGUAGE_CODE", "").strip() or USUAL


def _catalogue(packages: tuple[str, ...], language: str) -> catalogues.NullTranslations:
    spoken = catalogues.NullTranslations()
    for package in packages:
        try:
            folder = ROOT / package / "locale"
            known = catalogues.translation("django", folder, [language])
        except OSError:  # English has none, and a catalogue may not be compiled
            continue
        spoken.add_fallback(known)
    return spoken


# Read at once: a signer that becomes another user may not be let into this folder any more.
gettext: Final = _catalogue(("signer",), office_language()).gettext
