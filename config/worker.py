"""A process of the web server: gunicorn starts and watches it, waitress's loop serves in it."""

import logging
import os
import resource
import socket
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments

from config.connections import ConnectionLimits
from config.listening import CONNECTIONS, Listener
from config.loop import Loop
from config.pipelining import PipelinedRequests
from config.served_certificate import ServedCertificate
from config.threads import Threads

GRACE_SECONDS = 15
SEND_BUFFER = 131_072  # bytes; in a larger one a slow but honest reader is not seen to go on
ENDLESS = 2**40  # where waitress wants a number and ours are told elsewhere


class OfficeWorker(Worker):  # type: ignore[misc]
    """A gunicorn worker: its main thread reads and sends, its other threads make the answers."""

    def run(self) -> None:
        """Serve until stopped; then finish what is under way, for at most `GRACE_SECONDS`."""
        _allow_files(4 * CONNECTIONS)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of each busy moment
        threads = Threads(self.cfg.threads)
        self.loop, self.turns = Loop(), PipelinedRequests(threads)
        self.listeners = [self._listener(one.sock, threads) for one in self.sockets]
        self.loop.look_always_at(*self.loop.map.values())
        while self.alive and self.ppid == os.getppid():
            self._turn()
        for listener in self.listeners:
            self.loop.forget(listener)
            listener.del_channel()
            listener.socket.close()
        until = time.monotonic() + GRACE_SECONDS
        while self._is_busy() and time.monotonic() < until:
            self._turn()
            for listener in self.listeners:
                listener.maintenance(0)
        threads.shutdown()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Wake the loop at once on SIGTERM."""
        super().handle_exit(sig, frame)
        for listener in getattr(self, "listeners", []):
            listener.pull_trigger()

    def _turn(self) -> None:
        self.notify()
        self.loop.turn(self.turns.go_on)

    def _is_busy(self) -> bool:
        return any(not one.is_idle for listener in self.listeners for one in listener.connections())

    def _listener(self, sock: Any, threads: Threads) -> Listener:
        sockinfo = (sock.family, sock.type, sock.proto, sock.getsockname())
        return Listener(
            self.wsgi,
            limits=limits(),
            loop=self.loop,
            turns=self.turns,
            certificate=_certificate(),
            map=self.loop.map,
            _sock=sock,
            dispatcher=threads,
            adj=_adjustments(),
            sockinfo=sockinfo,
            bind_socket=False,
        )


def limits() -> ConnectionLimits:
    """Return the time limits of the settings."""
    return ConnectionLimits(
        headers=settings.WEB_HEADER_SECONDS,
        idle=settings.WEB_IDLE_SECONDS,
        stall=settings.WEB_STALL_SECONDS,
        uploads=settings.WEB_UPLOADS_PER_ADDRESS,
    )


def _certificate() -> ServedCertificate | None:
    """Return the certificate of the settings; None where plain HTTP is spoken."""
    certificate, key = settings.WEB_CERTIFICATE, settings.WEB_KEY
    return ServedCertificate(Path(certificate), Path(key)) if certificate else None


def _adjustments() -> Adjustments:
    """Return waitress's settings, with its own limits on bodies and connections switched off.

    Those limits are ours, set elsewhere; proxies' headers are judged by `web.throttle`; an answer
    waits on disk for a slow reader.
    """
    told = Adjustments(
        threads=settings.WEB_THREADS,
        ident=None,
        url_scheme="https" if settings.WEB_CERTIFICATE else "http",
        clear_untrusted_proxy_headers=False,
        connection_limit=ENDLESS,
        max_request_header_size=65_536,
        max_request_body_size=ENDLESS,
        outbuf_high_watermark=ENDLESS,
        recv_bytes=65_536,
        backlog=2048,
        cleanup_interval=1,
        log_socket_errors=False,
    )
    told.socket_options = [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER),
    ]
    return told


def _allow_files(wanted: int) -> None:
    """Raise the limit of open files: each connection is one, and a large body another."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
