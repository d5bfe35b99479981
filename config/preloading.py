"""What the processes of a worker or of the web server need, loaded before they are forked.

Forked processes share what their parent had loaded; what each loads by itself each holds by itself.
"""

import contextlib
import gc
import logging
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Final

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils import translation

from language.detect import detect_language
from understanding.learning.live_model import available_model
from understanding.letters.understanding import understand_text
from understanding.starting_set import starting_set

LETTERS: Final = "fast"  # the queue whose workers understand letters and draw papers
PAPERS: Final = ("weasyprint", "docxtpl", "pyhanko.sign.signers", "pyhanko.sign.timestamps")
_EACH: Final = 300  # one in so many letters of the starting set is understood to warm up
_log = logging.getLogger(__name__)


def preload_worker(queues: Collection[str]) -> None:
    """Load what the jobs of these queues (none named: all) need; log what is missing."""
    with _failure_logged("the job table"):
        import_module(settings.JOB_TABLE.rpartition(".")[0])
    _clients()
    if not queues or LETTERS in queues:
        for name in PAPERS:
            with _failure_logged(name):
                import_module(name)
        with _failure_logged("the model of letters"):
            _understand()
    _settle()


def preload_web() -> None:
    """Load all pages with their texts; the libraries that read and learn stay out."""
    with _failure_logged("the pages"):
        import_module(settings.ROOT_URLCONF)
        get_resolver()._populate()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext(code)  # reads its catalogue
    _clients()
    _settle()


def _clients() -> None:
    """Load the clients of search and vault; each process opens connections of its own."""
    if settings.SEARCH_URL:
        with _failure_logged("the client of search"):
            import_module("search.backends.elasticsearch.engine")
    if settings.VAULT_URL.startswith("s3:"):
        with _failure_logged("the client of the object store"):
            from registry.files.vault import get_vault

            get_vault()


def _understand() -> None:
    """Understand some letters, so that model, sentence vectors and patterns are there."""
    model = available_model()
    for letter in starting_set()[::_EACH]:
        understand_text(letter.text, language=detect_language(letter.text), model=model)


@contextlib.contextmanager
def _failure_logged(what: str) -> Iterator[None]:
    """Log a failure and go on: it is reported again where the thing is needed."""
    try:
        yield
    except Exception as error:
        _log.warning("%s could not be loaded beforehand: %s", what, type(error).__name__)


def _settle() -> None:
    """Close what is not to be shared, and have the garbage collector leave the rest alone.

    Reading an object writes to its memory, which then is no longer shared.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()
