"""A simulated NestPay gateway, for demo and tests: a program of its own that shares no code.

`python simulated_nestpay.py --port 8099 --client CLIENT --key STOREKEY`. It checks the hash of the
form that a browser brings, shows a page, and plays what a person chooses there: paid, refused,
refused and then paid, another amount, a bad hash, twice, late, never. `/orders/OID` shows the state
of an order and how its calls were answered; `/fim/api` answers programs.
"""

import argparse
import base64
import hashlib
import html
import json
import re
import secrets
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

ORDERS: dict[str, dict[str, Any]] = {}
LOCK = threading.Lock()
WORDS = {
    "paid": ("Payer", "أداء", "Pay"),
    "refused": ("Refuser", "رفض", "Refuse"),
    "refused_then_paid": ("Refuser, puis payer", "رفض ثم أداء", "Refuse, then pay"),
    "wrong_amount": ("Autre montant", "مبلغ آخر", "Another amount"),
    "bad_hash": ("Signature fausse", "توقيع خاطئ", "Bad hash"),
    "twice": ("Payer, annoncé deux fois", "أداء مع إشعارين", "Pay, told twice"),
    "late": ("Payer, annoncé tard", "أداء مع إشعار متأخر", "Pay, told late"),
    "never": ("Payer, jamais annoncé", "أداء بدون إشعار", "Pay, never told"),
}
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#eef2f6;color:#1b2733}"
    "main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:12px}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.8rem;font:inherit;border-radius:8px;"
    "border:1px solid #9fb0c0;background:#fff;cursor:pointer}"
    "button.first{background:#0b5cad;color:#fff;border-color:#0b5cad;font-weight:600}"
    "h1{font-size:1.2rem}.sum{font-size:1.8rem;font-weight:700}.note{color:#5a6b7b}"
)


def signature(fields: dict[str, str], key: str) -> str:
    """Return the ver3 hash, written here anew from its description."""

    def order(name: str) -> list[Any]:
        parts = re.split(r"(\d+)", name.upper())
        return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts if part]

    signed = sorted((n for n in fields if n.lower() not in ("hash", "encoding")), key=order)
    parts = []
    for value in [*(fields[name] for name in signed), key]:
        parts.append("".join(f"\\{c}" if c in "\\|" else c for c in value))
    return base64.b64encode(hashlib.sha512("|".join(parts).encode("utf-8")).digest()).decode()


def answer_of(server: Any, sent: dict[str, str], *, paid: bool, amount: str = "") -> dict[str, str]:
    """Return the signed fields of an answer: what was sent, and what the bank says."""
    fields = {name: value for name, value in sent.items() if name.lower() != "hash"}
    fields |= {
        "ReturnOid": sent["oid"],
        "ProcReturnCode": "00" if paid else "51",
        "Response": "Approved" if paid else "Declined",
        "ErrMsg": "" if paid else "Provision insuffisante",
        "mdStatus": "1",
        "TransId": ORDERS[sent["oid"]].setdefault("transaction", secrets.token_hex(8)),
        "AuthCode": f"P{secrets.randbelow(90000) + 10000}" if paid else "",
        "MaskedPan": "400000***1091",
        "EXTRA.CARDBRAND": "VISA",
        "clientIp": "127.0.0.1",
        "rnd": secrets.token_urlsafe(12),
    }
    if amount:
        fields["amount"] = amount
    fields["HASH"] = signature(fields, server.key)
    return fields


def call(sent: dict[str, str], fields: dict[str, str]) -> None:
    """Call the shop back and keep how it answers; it takes the money where the shop says so."""
    asked = urllib.request.Request(sent["CallbackURL"], data=urlencode(fields).encode())  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            words = answer.read(1000).decode().strip()
    except urllib.error.HTTPError as error:
        words = f"HTTP {error.code}"
    except OSError as error:
        words = f"unreachable: {error}"
    with LOCK:
        order = ORDERS[sent["oid"]]
        order["answers"].append(words)
        if words == "ACTION=POSTAUTH" and fields["ProcReturnCode"] == "00":
            order["state"] = "captured"


def play(server: Any, sent: dict[str, str], what: str) -> tuple[bool, dict[str, str]]:
    """Play a behaviour; return whether the browser sees a success, and with which fields."""
    order, paid = ORDERS[sent["oid"]], answer_of(server, sent, paid=True)
    refused = answer_of(server, sent, paid=False)
    order["state"] = "refused" if what == "refused" else "authorised"
    if what in ("refused", "refused_then_paid"):
        call(sent, refused)
    if what == "wrong_amount":
        call(sent, answer_of(server, sent, paid=True, amount="1.00"))
    if what == "bad_hash":
        call(sent, {**paid, "HASH": signature({**paid, "oid": "x"}, server.key)})
    if what in ("paid", "refused_then_paid", "twice"):
        call(sent, paid)
    if what == "twice":
        call(sent, paid)
    if what == "late":
        threading.Timer(server.late, call, (sent, paid)).start()
    return (False, refused) if what == "refused" else (True, paid)


class Gate(BaseHTTPRequestHandler):
    """The gateway's addresses."""

    server: Any

    def do_GET(self) -> None:
        """Answer with the state of an order."""
        order = ORDERS.get(self.path.removeprefix("/orders/"))
        if self.path == "/":
            self._page("en", "<h1>NestPay (simulated)</h1><p>Ready.</p>")
        elif order is None:
            self.send_error(404)
        else:
            told = {name: order.get(name, "") for name in ("state", "answers", "refunded")}
            self._send(json.dumps({**told, "amount": order["sent"]["amount"]}), "application/json")

    def do_POST(self) -> None:
        """Take a browser's form, its choice, or a program's question."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        given = dict(parse_qsl(body, keep_blank_values=True))
        if self.path == "/fim/est3Dgate":
            self._come_in(given)
        elif self.path == "/fim/choose" and given.get("oid") in ORDERS:
            self._chosen(given)
        elif self.path == "/fim/api":
            self._program(given.get("DATA", ""))
        else:
            self.send_error(404)

    def _come_in(self, given: dict[str, str]) -> None:
        language = given.get("lang", "fr")
        lacking = {"oid", "amount", "currency", "okUrl", "failUrl", "CallbackURL"} - given.keys()
        known = given.get("clientid") == self.server.client
        right = signature(given, self.server.key) == given.get("hash", given.get("HASH"))
        if lacking or not known or not right:
            why = f"lacking {sorted(lacking)}" if lacking else "client" if not known else "hash"
            self._page(language, f"<h1>3D-1004</h1><p>{why}</p>", status=400)
            return
        if given["oid"] in ORDERS and ORDERS[given["oid"]]["state"] in ("captured", "authorised"):
            self._page(language, "<h1>3D-1005</h1><p>oid</p>", status=400)
            return
        ORDERS[given["oid"]] = {"sent": given, "state": "waiting", "answers": []}
        index = {"fr": 0, "ar": 1}.get(language, 2)
        buttons = "".join(
            f'<button name="behaviour" value="{what}"{" class=first" * (what == "paid")}>'
            f"{words[index]}</button>"
            for what, words in WORDS.items()
        )
        note = ("Banque simulée : aucune carte n’est débitée.", "بنك تجريبي: لا تخصم أي بطاقة.")
        told = (*note, "A simulated bank: no card is charged.")[index]
        self._page(
            language,
            f'<h1>NestPay</h1><p class="sum"><bdi>{html.escape(given["amount"])} MAD</bdi></p>'
            f'<p class="note">{told}<br><bdi>{html.escape(given["oid"])}</bdi></p>'
            f'<form method="post" action="/fim/choose"><input type="hidden" name="oid" '
            f'value="{html.escape(given["oid"])}">{buttons}</form>',
        )

    def _chosen(self, given: dict[str, str]) -> None:
        sent = ORDERS[given["oid"]]["sent"]
        what = given.get("behaviour", "paid")
        if what not in WORDS:
            self.send_error(400)
            return
        well, fields = play(self.server, sent, what)
        rows = "".join(
            f'<input type="hidden" name="{html.escape(n)}" value="{html.escape(v)}">'
            for n, v in fields.items()
        )
        back = html.escape(sent["okUrl" if well else "failUrl"])
        words = {"fr": "Retour au site", "ar": "العودة إلى الموقع"}.get(
            sent.get("lang", ""), "Back"
        )
        self._page(
            sent.get("lang", "fr"),
            f'<h1>{"✓" if well else "✕"}</h1><form method="post" action="{back}">{rows}'
            f'<button class="first">{words}</button></form>',
        )

    def _program(self, data: str) -> None:
        try:
            asked = {one.tag: one.text or "" for one in ElementTree.fromstring(data).iter()}  # noqa: S314 - a simulation's
        except ElementTree.ParseError:
            self.send_error(400)
            return
        order = ORDERS.get(asked.get("OrderId", ""))
        named = (asked.get("ClientId"), asked.get("Name"), asked.get("Password"))
        told = {"OrderId": asked.get("OrderId", ""), "ProcReturnCode": "99", "Response": "Error"}
        if named == (self.server.client, self.server.user, self.server.password) and order:
            told |= self._answer_to(asked, order)
        rows = "".join(f"<{n}>{html.escape(v)}</{n}>" for n, v in told.items())
        self._send(f"<CC5Response>{rows}</CC5Response>", "text/xml")

    def _answer_to(self, asked: dict[str, str], order: dict[str, Any]) -> dict[str, str]:
        if asked.get("Type") == "PostAuth" and order["state"] == "authorised":
            order["state"] = "captured"
            return {"ProcReturnCode": "00", "Response": "Approved"}
        if asked.get("Type") == "Credit" and order["state"] == "captured":
            order["refunded"] = order.get("refunded", "") + asked.get("Total", "")
            return {"ProcReturnCode": "00", "Response": "Approved", "TransId": secrets.token_hex(8)}
        if asked.get("Type"):
            return {"ProcReturnCode": "12", "Response": "Declined"}
        letter = {"captured": "C", "authorised": "A", "refused": "D"}.get(order["state"], "PN")
        cents = re.sub(r"\D", "", order["sent"]["amount"]).lstrip("0")
        line = (
            f"ORD_ID:{asked['OrderId']}\tCHARGE_TYPE_CD:S\tORIG_TRANS_AMT:{cents}\t"
            f"CAPTURE_AMT:{cents}\tTRANS_STAT:{letter}\tAUTH_DTTM:2026-11-27 10:00:00.000\t"
            f"AUTH_CODE:P12345\tTRANS_ID:{order.get('transaction', '')}"
        )
        return {"ProcReturnCode": "00", "Response": "Approved", "ORDERSTATUS": line}

    def _page(self, language: str, inside: str, *, status: int = 200) -> None:
        direction = "rtl" if language == "ar" else "ltr"
        self._send(
            f'<!doctype html><html lang="{html.escape(language)}" dir="{direction}">'
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            '<title>NestPay</title><link rel="icon" href="data:,">'
            f"<style>{STYLE}</style><main>{inside}</main></html>",
            "text/html; charset=utf-8",
            status=status,
        )

    def _send(self, text: str, kind: str, *, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until it is ended; the first line of output is ready, with its port."""
    known = argparse.ArgumentParser(description="A simulated NestPay gateway.")
    known.add_argument("--port", type=int, default=8099, help="0: a free one")
    known.add_argument("--client", default="600000001")
    known.add_argument("--key", default="TEST1234")
    known.add_argument("--user", default="programs")
    known.add_argument("--password", default="programs")
    known.add_argument("--late", type=float, default=20.0, help="seconds of a late call")
    given = known.parse_args()
    server: Any = ThreadingHTTPServer(("127.0.0.1", given.port), Gate)
    server.client, server.key, server.late = given.client, given.key, given.late
    server.user, server.password = given.user, given.password
    print(f"ready http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        time.sleep(0)


if __name__ == "__main__":
    main()
