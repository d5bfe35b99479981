"""The web server, started from our own command so that one set of settings governs all."""

import socket
from typing import Any

from django.conf import settings
from django.db import connections
from gunicorn.app.base import BaseApplication

from config.preloading import preload_web
from config.tidying import start_tidying
from config.worker import GRACE_SECONDS, OfficeWorker
from jobs.threads import Workers

_workers: list[Workers] = []


def port_is_free(host: str, port: int) -> bool:
    """Return whether a server may listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _start_worker(_process: Any) -> None:
    if settings.JOB_DELIVERY == "thread":
        workers = Workers()
        workers.start()
        _workers.append(workers)
    else:
        start_tidying()


def _stop_worker(_server: Any, _process: Any) -> None:
    for workers in _workers:
        workers.stop(seconds=5)


class OfficeServer(BaseApplication):  # type: ignore[misc]
    """The gunicorn application: one process on SQLite, WEB_WORKERS on PostgreSQL.

    What happens inside each process is in `config.worker`.
    """

    def load_config(self) -> None:
        """Take everything from the settings; gunicorn's own files and variables are not read."""
        values: dict[str, Any] = {
            "bind": f"[{settings.BIND}]:{settings.PORT}"
            if ":" in settings.BIND
            else f"{settings.BIND}:{settings.PORT}",
            "workers": settings.WEB_WORKERS,
            "threads": settings.WEB_THREADS,
            "worker_class": OfficeWorker,
            "timeout": 120,
            "graceful_timeout": 2 * GRACE_SECONDS,  # the worker's threads stop in it too
            "loglevel": "warning",
            "limit_request_line": 8190,  # so that we refuse a long query ourselves, in words
            "worker_tmp_dir": str(settings.DATA_DIR),
            "post_worker_init": _start_worker,
            "worker_exit": _stop_worker,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve; the processes that are forked now share what is loaded, and no connection."""
        self.wsgi()
        preload_web()
        connections.close_all()
        super().run()

    def load(self) -> Any:
        """Return the WSGI application, made only now: `up` collects the static files before."""
        from config.wsgi import application

        return application
