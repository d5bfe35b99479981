"""Pages as a reader writes them, for tests of what people make of them."""

from typing import Any


def page(*lines: str, language: str = "fr", gap: str = "\n", sure: float = 0.5) -> dict[str, Any]:
    """A page as the reader writes it; each word 0.1 wide, from the right where Arabic."""
    words = []
    for number, line in enumerate(lines):
        for at, text in enumerate(line.split()):
            x = 0.9 - 0.1 * at if language == "ar" else 0.1 * at
            y = 0.1 * number
            words.append([text, round(x, 4), y, round(x + 0.09, 4), y + 0.05, sure, number])
    return {
        "number": 3, "source": "ocr", "language": language, "confidence": sure,
        "text": gap.join(lines), "words": words, "seconds": 1.0, "problem": "", "turn": 90,
        "care": "quick", "width": 1000, "height": 1400,
    }  # fmt: skip
