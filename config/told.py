"""What a start tells people on standard error: a line, or an object where logs are JSON."""

import json
import sys
from datetime import UTC, datetime

from config import env


def tell(words: str) -> None:
    """Write the words on standard error as LOG_FORMAT has it, so that a collector reads each line.

    Nothing is left out: the link of the first run stands there for whoever starts the office.
    """
    if env.text("LOG_FORMAT") == "json":
        when = datetime.now(UTC).astimezone().isoformat()
        told = {"time": when, "level": "INFO", "logger": "config.start", "message": words}
        words = json.dumps(told, ensure_ascii=False)
    sys.stderr.write(f"{words}\n")
