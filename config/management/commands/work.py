"""`manage work`: a worker without web pages, for an office without Celery."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.told import tell
from config.walls import warn_of_walls
from jobs.threads import Workers


class Command(BaseCommand):
    """Threads that do what is due, until SIGTERM or Ctrl-C."""

    help = "Do the office's jobs in threads of this process, without web pages."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --slow N: threads for reading."""
        parser.add_argument("--slow", type=int, default=None, help="threads for reading")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped, then let running jobs end."""
        warn_of_walls(tell)
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        workers = Workers(slow=options["slow"])
        workers.start()
        tell("working")
        stop.wait()
        workers.stop()
