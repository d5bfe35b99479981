"""Why a template cannot be filled, in words: every mistake that was found, with its line."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from correspondence.forms.grammar import TemplateRefused

WHY: Final[dict[str, Any]] = {
    "unknown_field": _("The template has a field that does not exist: %(detail)s"),
    "not_allowed": _("A template holds fields and conditions only, not this: %(detail)s"),
    "not_closed": _("A field or a condition of the template is not closed."),
    "not_opened": _("The template ends or parts a condition that it does not begin: %(detail)s"),
    "near": _("A field of the template is not written right: look at “%(detail)s”."),
    "syntax": _("A field of the template is not written right."),
    "damaged": _("The template cannot be opened."),
    "outside": _("The template would fetch something from elsewhere: %(detail)s"),
    "macros": _("The template holds programs or embedded objects."),
    "too_large": _("The template is too large."),
    "timeout": _("The template takes too long to be filled."),
    "format": _("A template is a Word document (DOCX), a web page (HTML) or plain text in UTF-8."),
}


def refusal_words(refused: TemplateRefused) -> str:
    """Return why a template cannot be filled, in the active language: all mistakes with lines."""
    return " ".join(mistake_sentences(refused))


def mistake_sentences(refused: TemplateRefused) -> list[str]:
    """Return a sentence for each mistake that was found, with its line."""
    return [_mistake_words(*mistake) for mistake in refused.mistakes]


def _mistake_words(code: str, detail: str, line: int) -> str:
    words = str(WHY.get(code, WHY["damaged"])) % {"detail": detail}
    said = words if words.endswith((".", "؟", "!")) else f"{words}."
    return str(_("Line %(line)d: %(words)s") % {"line": line, "words": said}) if line else said
