"""What a process of the web server clears away by itself, where no worker runs in it.

The clock's nightly work reaches one machine; each one that answers keeps a list of words in files.
"""

import logging
import threading
from typing import Final

from django.db import connections

from search.services import forget_old_words

_EVERY: Final = 3_600.0  # seconds
log = logging.getLogger(__name__)


def start_tidying() -> None:
    """Clear away now and each hour, beside the answers, as long as the process lives."""
    never = threading.Event()
    threading.Thread(target=tidy, args=(never,), name="tidying", daemon=True).start()


def tidy(stop: threading.Event) -> None:
    """Clear away now, and each hour until stopped."""
    while True:
        try:
            forget_old_words()
        except Exception as error:  # whatever it is: the next hour tries again
            log.warning("tidying: %s", type(error).__name__)
        finally:
            connections.close_all()
        if stop.wait(_EVERY):
            return
