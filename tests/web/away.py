"""An identity provider away from the office, and a browser that is sent there by hand."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from tests.services.process import free_port


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a redirect leads is what a test asks."""

    def redirect_request(self, *_args: Any) -> None:
        return None


OPENER: Final = urllib.request.build_opener(_Stays)


@contextmanager
def simulated_provider() -> Iterator[str]:
    """Run `tests.services.sim_eid` while the block runs; its address, each fault below a name."""
    port = free_port()
    command = [sys.executable, "-m", "tests.services.sim_eid", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
        process.terminate()
