"""What people asked of an office in a bench, and how it answered."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from benches._browser import Browser

_NAMES: Final = (
    (r"^POST /api/v1/letters$", "deposit over the API"),
    (r"^GET /deposit/$", "desk: form of a deposit"),
    (r"^POST /deposit/$", "desk: deposit"),
    (r"^GET /letters/ID/registered/$", "desk: number and code"),
    (r"^GET /tray/$", "desk: tray"),
    (r"^GET /letters/ID/$", "a letter's page"),
    (r"^POST /letters/ID/assign/$", "desk: route"),
    (r"^POST /letters/ID/assignments/ID/accept/$", "desk: accept"),
    (r"^POST /letters/ID/replies/$", "desk: write the answer"),
    (r"^POST /letters/ID/replies/ID/(submit|approve|sign)/$", "desk: approve the answer"),
    (r"^POST /letters/ID/replies/ID/send/$", "desk: send the answer"),
    (r"^POST /letters/ID/assignments/ID/sign-off/$", "desk: sign off"),
    (r"^GET /search/$", "search"),
    (r"^\w+ /follow/", "citizen: follow"),
    (r"^\w+ /pay/", "citizen: pay"),
    (r"^\w+ /login/$", "sign in"),
    (r"^POST /api/v1/token$", "sign in"),
    (r"^\w+ /api/biller/", "bank: pay"),
)
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")


def kind_of(method: str, path: str) -> str:
    """Return what a request is for, in words; all pages that are not told apart are `other`."""
    address = f"{method} {_ID.sub('ID', path.partition('?')[0])}"
    return next((name for form, name in _NAMES if re.search(form, address)), "other pages")


def at_share(values: Iterable[float], share: float) -> float:
    """Return the value below which this share of them lies; 0 where there are none."""
    row = sorted(values)
    return row[min(len(row) - 1, int(len(row) * share))] if row else 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: when, what for, how long it took, its status (0: no answer) and what it was."""

    at: float
    kind: str
    seconds: float
    status: int
    wait: str = ""
    words: str = ""

    @property
    def outcome(self) -> str:
        """Return `answered`, `braked` (429 or 503 with Retry-After), `refused` or `failed`."""
        if self.status in {429, 503} and self.wait:
            return "braked"
        if self.status == 0 or self.status >= 500:
            return "failed"
        return "refused" if self.status >= 400 else "answered"


@dataclass
class Record:
    """All requests of a run, and whatever else went wrong for somebody."""

    asked: list[Asked] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    rounds: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(
        self, kind: str, call: Callable[[], requests.Response], *, refusal: bool = False
    ) -> requests.Response:
        """Make a call and keep how it went. `refusal`: 4xx is what has to be answered."""
        began = time.monotonic()
        status, wait, words = 0, "", ""
        try:
            answer = call()
            status, wait = answer.status_code, answer.headers.get("Retry-After", "")
            if refusal and 400 <= status < 500 and not wait:
                kind, status = "deposit that must be refused", 200
            if status >= 400:
                words = re.sub(r"<[^>]*>|\s+", " ", answer.text)[-300:]
            return answer
        except requests.RequestException as error:
            words = type(error).__name__
            raise
        finally:
            took = time.monotonic() - began
            self._keep(Asked(began - self.began, kind, took, status, wait, words))

    def _keep(self, one: Asked) -> None:
        with self._lock:
            self.asked.append(one)

    def trouble(self, who: str, error: BaseException) -> None:
        """Keep what somebody could not do."""
        with self._lock:
            self.troubles.append(f"{who}: {type(error).__name__}: {error}"[:600])

    def done(self, who: str) -> None:
        """Count a round of somebody's work."""
        with self._lock:
            self.rounds[who] += 1

    def outcomes(self) -> Counter[str]:
        """Return how many requests ended how."""
        return Counter(one.outcome for one in self.asked)

    def table(self) -> list[dict[str, Any]]:
        """Return a row for each kind of request: number, milliseconds, errors."""
        rows = []
        for kind in sorted({one.kind for one in self.asked}):
            ones = [one for one in self.asked if one.kind == kind]
            took = [one.seconds for one in ones if one.outcome == "answered"]
            ended = Counter(one.outcome for one in ones)
            shares = {
                name: round(at_share(took, part) * 1000)
                for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
            }
            errors = ended["failed"] + ended["refused"]
            row = {"kind": kind, "requests": len(ones), **shares}
            rows.append({**row, "errors": errors, "braked": ended["braked"]})
        return rows

    def wrong(self) -> list[str]:
        """Return the requests that ended in an error, in words."""
        return [
            f"{one.at:.0f} s: {one.kind}: {one.status} {one.words}"
            for one in self.asked
            if one.outcome in {"failed", "refused"}
        ]


class RecordedBrowser(Browser):
    """A person's browser whose every call is kept."""

    def __init__(self, office: str, record: Record, *, address: str = "127.0.0.1") -> None:
        super().__init__(office, address=address)
        self.record = record

    def _send(self, method: str, path: str, fields: Any = None) -> requests.Response:
        place = path.removeprefix(self.office)
        kind = kind_of(method, place)
        return self.record.timed(
            kind, lambda: super(RecordedBrowser, self)._send(method, path, fields)
        )

    def send_file(
        self, path: str, fields: dict[str, str], file: tuple[str, bytes]
    ) -> requests.Response:
        """Post a form with a file, once."""
        kind = kind_of("POST", path)
        given = {"files": (*file, "application/octet-stream")}
        return self.record.timed(
            kind,
            lambda: self.session.post(
                f"{self.office}{path}", data=fields, files=given, timeout=60, allow_redirects=False
            ),
        )

    def rest(self) -> None:
        """Close the connection, as browsers do of one that was not used for a while."""
        self.session.close()
