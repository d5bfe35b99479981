"""`python -m samples.banking_app --address http://…`: serve the simulated bank on this machine.

The secret is taken from SIM_BANK_SECRET. `POST /play` {"contract", "mode"} answers in JSON what was
exchanged, for tests.
"""

import argparse
import json
import os
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from samples.banking_app.account import MODES, MOST, Account, centimes
from samples.banking_app.camt import camt054
from samples.banking_app.pages import Pages
from samples.banking_app.wire import Biller, NoAnswerError
from samples.banking_app.words import WORDS

STYLE: Final = Path(__file__).with_name("style.css").read_bytes()
LONGEST: Final = 100_000
POLICY: Final = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"


class App(BaseHTTPRequestHandler):
    """The addresses of the bank."""

    account: Account

    def do_GET(self) -> None:
        """Answer a page or a file."""
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        parts = place.path.strip("/").split("/")
        pages = self._pages()
        if place.path == "/style.css":
            self._send(STYLE, "text/css")
        elif parts[0] == "language" and parts[-1] in WORDS:
            self._go("/", Set_Cookie=f"language={parts[-1]}; Path=/; SameSite=Lax; HttpOnly")
        elif place.path == "/":
            self._page(pages.home())
        elif place.path == "/pay":
            self._page(pages.ask(contract=asked.get("contract", "")))
        elif place.path == "/operations":
            self._page(pages.operations())
        elif parts[0] == "operation" and (done := self.account.operations.get(parts[-1])):
            self._page(pages.operation(done))
        elif place.path == "/bench":
            self._bench(asked.get("date", ""))
        elif place.path == "/camt054.xml":
            self._camt(asked.get("contract", ""))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Do what a form asks for."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST or self.headers.get("Sec-Fetch-Site", "none") == "cross-site":
            self.send_error(403)
            return
        body = self.rfile.read(length).decode()
        place, parts = self.path, self.path.strip("/").split("/")
        if place == "/play":
            self._play(json.loads(body))
            return
        given = parse_qs(body)
        contract = given.get("contract", [""])[0].strip()
        if place == "/pay/bills":
            self._bills(contract)
        elif place == "/pay/confirm":
            self._confirm(contract, given)
        elif place == "/pay/do":
            bills = [json.loads(one) for one in given.get("bill", [])]
            done = self.account.pay(contract, bills, mode=given.get("mode", ["pay"])[0])
            self._go(f"/operation/{done.reference}")
        elif parts[0] == "operation" and (known := self.account.operations.get(parts[1])):
            if parts[-1] == "reverse":
                self.account.reverse(known, self._pages().words["reason"])
            else:
                self.account.ask(known)
            self._go(f"/operation/{known.reference}")
        else:
            self.send_error(404)

    def _bills(self, contract: str, *, problem: str = "") -> None:
        pages = self._pages()
        status, told = self._fetched(contract)
        if status == 200 and told["status"] == "found":
            self._page(pages.bills(contract, told, problem=problem))
        else:
            code = told.get("status") or told.get("code", "no_answer")
            self._page(pages.ask(problem=code, contract=contract))

    def _confirm(self, contract: str, given: dict[str, list[str]]) -> None:
        bills = [json.loads(one) for one in given.get("bill", [])]
        if not 1 <= len(bills) <= MOST:
            self._bills(contract, problem="choose_one")
        elif sum(centimes(bill["amount"]) for bill in bills) > self.account.balance:
            self._bills(contract, problem="too_little")
        else:
            self._page(self._pages().confirm(contract, bills, given.get("mode", ["pay"])[0]))

    def _bench(self, day: str) -> None:
        pages, today = self._pages(), datetime.now(UTC).astimezone().date().isoformat()
        if not day:
            self._page(pages.bench(day=today))
            return
        try:
            status, told = self.account.biller.settlement(day)
        except NoAnswerError:
            status, told = 0, {"code": "no_answer"}
        if status == 200:
            self._page(pages.bench(day=day, settled=told))
        else:
            self._page(pages.bench(day=day, problem=told.get("code", "")))

    def _camt(self, contract: str) -> None:
        _status, told = self._fetched(contract)
        self._send(camt054(told.get("bills", [])).encode(), "application/xml", name="camt054.xml")

    def _play(self, asked: dict[str, Any]) -> None:
        """Fetch, pay as the mode says (`reverse`: and take back), and tell what was exchanged."""
        contract, mode = str(asked.get("contract", "")), str(asked.get("mode", "pay"))
        status, told = self._fetched(contract)
        steps = [{"step": "fetch", "status": status, "body": told}]
        bills = told.get("bills", [])[: int(asked.get("bills", 1))]
        if bills and mode != "fetch":
            done = self.account.pay(contract, bills, mode=mode if mode in MODES else "pay")
            if mode == "reverse":
                self.account.reverse(done, "Essai")
            steps += done.steps
        self._send(json.dumps({"steps": steps}).encode(), "application/json")

    def _fetched(self, contract: str) -> tuple[int, Any]:
        try:
            return self.account.biller.fetch(contract)
        except NoAnswerError:
            return 0, {"code": "no_answer"}

    def _pages(self) -> Pages:
        kept = SimpleCookie(self.headers.get("Cookie", "")).get("language")
        language = kept.value if kept is not None else "fr"
        return Pages(self.account, language if language in WORDS else "fr")

    def _page(self, text: str) -> None:
        self._send(text.encode(), "text/html")

    def _send(self, body: bytes, kind: str, *, name: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        if name:
            self.send_header("Content-Disposition", f'attachment; filename="{name}"')
        self.end_headers()
        self.wfile.write(body)

    def _go(self, target: str, **headers: str) -> None:
        self.send_response(303)
        self.send_header("Location", target)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until stopped; the first line says where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", required=True, help="the biller, as http://127.0.0.1:8000")
    parser.add_argument("--partner", required=True)
    parser.add_argument("--port", type=int, default=8090)
    asked = parser.parse_args()
    biller = Biller(asked.address, asked.partner, os.environ["SIM_BANK_SECRET"])
    handler = type("Bound", (App,), {"account": Account(biller)})
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
