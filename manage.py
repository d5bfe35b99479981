#!/usr/bin/env python
"""Django's command line, in the office's settings."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

from jobs.memory import limit_malloc_arenas

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it

if __name__ == "__main__":
    limit_malloc_arenas()
    gc.disable()  # until `config.apps` is ready: what is loaded stays, so nothing of it is searched
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from config.starting import refuse_when_unfit

        refuse_when_unfit(serves=sys.argv[1:2] in (["up"], ["work"]))
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("\nSijill: interrupted.\n")
        sys.exit(INTERRUPTED)
