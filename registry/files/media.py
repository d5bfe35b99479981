"""Type of a deposited file: what a confined child says of its bytes."""

import atexit
import logging
from pathlib import Path
from typing import Final

from django.conf import settings

from registry.files.kinds import Media, RefusedError
from sandbox.process import ChildDied
from sandbox.warm import ChildrenBusy, WarmChildren

SECONDS: Final = 30.0  # for one file; an ordinary one takes a thousandth
log = logging.getLogger(__name__)
_children: Final = WarmChildren("registry.files.checking")
atexit.register(_children.end)


def check_media(path: Path, *, name: str) -> Media:
    """Check a file on disk; `name` only helps to distinguish mails from plain text.

    Raise RefusedError: empty, executable, not_allowed, damaged, too_many_pages, too_many_pixels.
    Raise ChildrenBusy where the file could not be checked now.
    """
    question = {
        "name": name,
        "pages": settings.UPLOAD_MAX_PAGES,
        "pixels": settings.UPLOAD_MAX_MEGAPIXELS * 1_000_000,
    }
    with path.open("rb") as file:
        try:
            answer = _children.ask(question, file, seconds=SECONDS)
            if "refused" in answer:
                raise RefusedError(str(answer["refused"]))
            return Media(**answer)
        except ChildrenBusy:
            raise
        except (ChildDied, TypeError) as death:
            log.warning("a file was refused: %s", death)
            raise RefusedError("damaged") from death
