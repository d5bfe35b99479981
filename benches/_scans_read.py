"""Scans of letters as the office's own reading returns them, read once and kept as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benches._letters_on_paper import draw_letter
from ocr.bench.readers import Sijill
from ocr.bench.sets import BenchPage

PAGE_BREAK = "\f"  # as in ocr.reading.Reading.text


def read_scans(
    letters: Mapping[str, str], *, speed: str, folder: Path
) -> Iterator[tuple[str, str, float]]:
    """Draw and read each letter (text by name); yield its name, the text read, CPU seconds.

    Pictures and texts are kept in `folder`: a second run draws and reads nothing again. The text
    kept was read by the code of that day, so a folder is thrown away when the reading changes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reader: Sijill | None = None
    try:
        for name, text in letters.items():
            kept = folder / f"{name}-{speed}.json"
            if not kept.exists():
                reader = reader or Sijill(speed)
                read = _read(reader, draw_letter(name, text, folder))
                kept.write_text(json.dumps(read, ensure_ascii=False), encoding="utf-8")
            answer: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
            yield name, answer["text"], answer["cpu"]
    finally:
        if reader:
            reader.close()


def _read(reader: Sijill, pictures: list[Path]) -> dict[str, Any]:
    taken = [reader.read(BenchPage(one.stem, one, "", "", False)) for one in pictures]
    return {
        "text": PAGE_BREAK.join(one.text for one in taken),
        "cpu": round(sum(one.cost.cpu for one in taken), 3),
    }
