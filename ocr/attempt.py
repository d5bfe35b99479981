"""One reading of one page in one language, and the measures by which two are compared."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engines.contract import SeenLine
from ocr.reading import Care, Language


@dataclass(frozen=True, slots=True)
class Attempt:
    """Lines of a page, or of a piece of it, in reading order."""

    language: Language
    lines: list[SeenLine]
    care: Care = "quick"

    @property
    def text(self) -> str:
        """The text, one line for each line read."""
        return "\n".join(line.text for line in self.lines)

    @property
    def letters(self) -> int:
        """The number of characters read."""
        return sum(len(word.text) for line in self.lines for word in line.words)

    @property
    def confidence(self) -> float:
        """Mean over the characters, 0..1."""
        weighed = sum(len(w.text) * w.confidence for line in self.lines for w in line.words)
        return weighed / self.letters if self.letters else 0.0

    @property
    def score(self) -> float:
        """Confident letters: the measure by which two readings of the same ink are compared."""
        return self.letters * self.confidence**2
