"""Start the simulated NestPay gateway (`eservices/payments/simulated_nestpay.py`) for a test."""

import contextlib
import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import eservices
from tests.services.process import die_with_parent

PROGRAM: Final = Path(eservices.__path__[0]) / "payments" / "simulated_nestpay.py"
CLIENT: Final = "600 000"  # with signs that an address must escape
KEY: Final = "St|ore\\K&ey/1"


@dataclass(frozen=True, slots=True)
class Simulated:
    """A running gateway."""

    url: str

    @property
    def setting(self) -> str:
        """Return the value of PAYMENT_URL."""
        host = self.url.removeprefix("http://")
        who = f"{quote(CLIENT, safe='')}:{quote(KEY, safe='')}"
        return f"nestpay://{who}@{host}/fim/est3Dgate?tls=no&user=programs&password=programs"

    def choose(self, fields: dict[str, str], behaviour: str) -> tuple[str, dict[str, str]]:
        """Post the office's form as a browser would, choose; return where the browser goes next."""
        page = self._post("/fim/est3Dgate", fields)
        assert "behaviour" in page, page
        page = self._post("/fim/choose", {"oid": fields["oid"], "behaviour": behaviour})
        back = re.search(r'action="([^"]+)"', page)
        assert back is not None, page
        return back.group(1), dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))

    def knows(self, oid: str) -> Any:
        """Return what the gateway knows of an order."""
        with urllib.request.urlopen(f"{self.url}/orders/{oid}", timeout=30) as answer:
            return json.load(answer)

    def pay_back(self, oid: str, amount: str) -> None:
        """Pay back by the bank's own pages."""
        names = f"<Name>programs</Name><Password>programs</Password><ClientId>{CLIENT}</ClientId>"
        order = f"<OrderId>{oid}</OrderId><Type>Credit</Type><Total>{amount}</Total>"
        answer = self._post("/fim/api", {"DATA": f"<CC5Request>{names}{order}</CC5Request>"})
        assert "Approved" in answer, answer

    def _post(self, path: str, fields: dict[str, str]) -> str:
        data = urlencode(fields).encode()
        with urllib.request.urlopen(f"{self.url}{path}", data=data, timeout=60) as answer:
            return str(answer.read().decode())


@contextlib.contextmanager
def simulated(*, late: float = 1.0) -> Iterator[Simulated]:
    """Run the gateway on a free port, with calls that are late by so many seconds."""
    command = [sys.executable, str(PROGRAM), "--port", "0", "--client", CLIENT, "--key", KEY]
    command += ["--late", str(late)]
    dies = die_with_parent(signal.SIGTERM)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=dies) as process:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        assert line[:1] == ["ready"], line
        try:
            yield Simulated(line[1])
        finally:
            process.terminate()
