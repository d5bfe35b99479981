#!/usr/bin/env python
"""Django's command line, in the office's settings."""

import gc
import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from jobs.memory import limit_malloc_arenas

UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h: to be tried again once it is mended
INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it

if __name__ == "__main__":
    limit_malloc_arenas()
    gc.disable()  # until `config.apps` is ready: what is loaded stays, so nothing of it is searched
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from config.starting import refuse_when_unfit

        refuse_when_unfit(serves=sys.argv[1:2] in (["up"], ["work"]))
        try:
            execute_from_command_line(sys.argv)
        except DatabaseError:
            from config.database_away import why_it_failed

            why = "" if "--traceback" in sys.argv else why_it_failed()
            if not why:
                raise
            sys.stderr.write(f"Sijill: {why}\n")
            sys.exit(UNAVAILABLE)
    except KeyboardInterrupt:
        sys.stderr.write("\nSijill: interrupted.\n")
        sys.exit(INTERRUPTED)
