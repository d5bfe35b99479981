"""A wire between two ports that is cut after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Wire:
    """Carries connections to a port of this machine; `left` bytes may still come back, then every
    connection is cut. None: as many as there are."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.left: int | None = None
        self.cuts = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for source, sink, back in ((near, far, False), (far, near, True)):
                    threading.Thread(
                        target=self._carry, args=(source, sink, back), daemon=True
                    ).start()

    def _carry(self, source: socket.socket, sink: socket.socket, back: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if back and not self._may(len(data)):
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _may(self, count: int) -> bool:
        with self._lock:
            if self.left is None:
                return True
            self.left -= count
            if self.left >= 0:
                return True
            self.cuts += 1
            return False


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire while the context lasts."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
