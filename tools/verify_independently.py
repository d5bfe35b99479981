"""Verify an export of the register's proof without any part of the program that made it.

    python verify_independently.py FOLDER [--against PROOF]… [--key NAME+HASH+KEY]…

FOLDER is what `manage export_proof` wrote. PROOF is what somebody outside holds: the file of a
checkpoint (a signed note), the line ORIGIN#SIZE#ROOT of a receipt, or the files of a checkpoint and
its timestamp token, NOTE:TOKEN (judged by openssl with --roots). Exit 1 on problems.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = dict[str, Any]
Say = Callable[[str], None]
EMPTY = hashlib.sha256(b"").digest()
PRINTED = re.compile(r"#(\d{1,15})#([0-9a-f]{64})")
DASH = "\N{EM DASH} "
# The columns that are hashed, in their order, each with what stands for an empty one.
EVENT: list[tuple[str, Any]] = [
    *(("letter_id", None), ("seq", 0), ("at", None), ("actor_id", None), ("kind", "")),
    *(("visibility", ""), ("data", {}), ("seals", {}), ("previous_hash", "")),
]
CLOSING: list[tuple[str, Any]] = [
    *(("series_id", None), ("sequence", 0), ("day", None), ("first", 0), ("last", 0)),
    *(("chain_head", ""), ("heads", []), ("closed_at", None), ("closed_by_id", None)),
    ("previous_hash", ""),
]


ACT: list[tuple[str, Any]] = [
    *(("seq", 0), ("at", None), ("actor_id", None), ("kind", ""), ("data", {})),
    ("previous_hash", ""),
]


def main() -> int:
    """Verify the folder of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", action="append", default=[])
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--roots", default="", help="certificates of the timestamp authority")
    asked = parser.parse_args()
    problems: list[str] = []
    try:
        verify(asked.folder, asked.against, asked.key, asked.roots, problems.append)
    except (OSError, ValueError, KeyError) as error:
        problems.append(f"the export cannot be read: {error!r}")
    sys.stdout.write("\n".join(problems or ["whole"]) + "\n")
    return 1 if problems else 0


def verify(folder: Path, against: list[str], keys: list[str], roots: str, say: Say) -> None:
    """Tell every problem of an export."""
    told = _check_entries(folder, say)
    known = {key_of(key) for key in keys} or told.keys
    wanted: dict[int, list[tuple[bytes, str]]] = {}
    for name, text in [*_named(folder), *((one, one) for one in against)]:
        for size, root in _points(name, text, known if name == text else set(), roots, say):
            wanted.setdefault(size, []).append((root, name[:80]))
    _check_points(told.leaves, wanted, say)
    _check_rows(folder, told.digests, say)
    disposals = _check_acts(folder, told.digests, say)
    heads = _check_events(folder, told.digests, disposals, say)
    _check_closings(folder, told.digests, heads, say)


class Told:
    """What the entries tell: the leaves' hashes, the last digest of each row, the log's keys."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.digests: dict[tuple[str, str], str] = {}
        self.keys: set[tuple[str, bytes]] = set()

    def take(self, table: str, lines: str) -> None:
        """Take the lines of the next entry."""
        if table == "signer.key":
            found = re.findall(r"^(?:first|new|old) (\S+)$", lines, re.MULTILINE)
            self.keys |= {key_of(key) for key in found}
            return
        for line in lines.split("\n") if lines else ():
            key, _, digest = line.rpartition(" ")
            self.digests[(table, key)] = digest


def _check_entries(folder: Path, say: Say) -> Told:
    """Check that each leaf binds its lines; entries that wait for the log come last."""
    told = Told()
    for place, row in enumerate(_read(folder, "entries")):
        if row["place"] != place:
            say(f"entry {place} is missing")
        told.leaves.append(hashlib.sha256(b"\x00" + row["leaf"].encode()).digest())
        _bind(row, told, f"entry {place}", say)
    for row in _read(folder, "waiting"):
        _bind(row, told, "an entry that waits", say)
    return told


def _bind(row: Row, told: Told, name: str, say: Say) -> None:
    leaf = json.loads(row["leaf"])
    if _hash(f"{row['nonce']}\n{row['lines']}") != leaf["digest"]:
        say(f"{name}: its lines are not those of its leaf")
    told.take(leaf["table"], row["lines"])


def _named(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the checkpoints that the export itself names."""
    yield from ((f"kept {row['size']}", row["note"]) for row in _read(folder, "checkpoints"))
    yield from ((f"anchor {row['place']}", row["note"]) for row in _read(folder, "anchors"))
    for row in _read(folder, "closings"):
        if named := json.loads(row["row"]).get("checkpoint"):
            yield f"closing {row['key']}", named


def _points(
    name: str, text: str, known: set[tuple[str, bytes]], roots: str, say: Say
) -> Iterator[tuple[int, bytes]]:
    """Yield size and root of what was brought, its signatures and its timestamp checked."""
    note, _, token = text.partition(":")
    if token and Path(note).is_file() and Path(token).is_file():
        if not _is_stamped(note, token, roots):
            say(f"{token}: openssl does not accept the timestamp")
        text = note
    if "\n" not in text and len(text) < 4096 and Path(text).is_file():
        text = Path(text).read_text("utf-8", "replace")
    if "\n\n" not in text:
        found = PRINTED.findall("".join(text.split()))
        if not found:
            say(f"{name[:80]}: there is no checkpoint in it")
        yield from ((int(size), bytes.fromhex(root)) for size, root in found)
        return
    body, _, signatures = text.partition("\n\n")
    if known and not _is_signed(body + "\n", signatures, known):
        say(f"{name[:80]}: no known key signed it")
    yield int(body.split("\n")[1]), base64.b64decode(body.split("\n")[2])


def key_of(text: str) -> tuple[str, bytes]:
    """Return name and public key of a verifier key."""
    name, _, rest = text.strip().partition("+")
    raw = base64.b64decode(rest.partition("+")[2], validate=True)
    if len(raw) != 33 or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != rest[:8]:
        raise ValueError(f"{text} is no verifier key")
    return name, raw[1:]


def _is_signed(text: str, signatures: str, known: set[tuple[str, bytes]]) -> bool:
    """Return whether a known key signed a note, with or without a time."""
    for line in signatures.strip("\n").split("\n"):
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        raw = base64.b64decode(encoded)
        for owner, public in known:
            if owner != name:
                continue
            for kind, length in ((1, 64), (4, 72)):
                key_id = hashlib.sha256(b"%b\n%c%b" % (name.encode(), kind, public)).digest()
                if raw[:4] != key_id[:4] or len(raw) != 4 + length:
                    continue
                at = int.from_bytes(raw[4:12], "big")
                message = f"cosignature/v1\ntime {at}\n{text}" if kind == 4 else text
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], message.encode())
                except InvalidSignature:
                    return False
                return True
    return False


def _is_stamped(note: str, token: str, roots: str) -> bool:
    command = ["openssl", "ts", "-verify", "-data", note, "-in", token, "-token_in"]
    command += ["-CAfile", roots] if roots else []
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _check_points(
    leaves: list[bytes], wanted: dict[int, list[tuple[bytes, str]]], say: Say
) -> None:
    """Compare the root at each wanted size, in one pass."""
    tops: list[bytes] = []
    for size in range(len(leaves) + 1):
        if size:
            found, filled = leaves[size - 1], size - 1
            while filled & 1:
                found = hashlib.sha256(b"\x01" + tops.pop() + found).digest()
                filled >>= 1
            tops.append(found)
        for root, name in wanted.pop(size, ()):
            if root != _root(tops):
                say(f"{name}: the first {size} entries are not those of then")
    for size, named in sorted(wanted.items()):
        for _unused, name in named:
            say(f"{name}: it knows {size} entries, {len(leaves)} are here")


def _root(tops: list[bytes]) -> bytes:
    found = tops[-1] if tops else EMPTY
    for top in reversed(tops[:-1]):
        found = hashlib.sha256(b"\x01" + top + found).digest()
    return found


def _check_rows(folder: Path, digests: dict[tuple[str, str], str], say: Say) -> None:
    """Compare each row that stands with the last digest that the entries tell of it."""
    standing = set()
    for row in _read(folder, "rows"):
        name = (row["table"], row["key"])
        standing.add(name)
        told = digests.get(name, "")
        if told != row["digest"] and not (row["empty"] and not told):
            say(f"row {row['table']}/{row['key']} is not what its entries tell")
    for name, digest in digests.items():
        if digest and name not in standing:
            say(f"row {name[0]}/{name[1]} is missing")


def _check_acts(folder: Path, digests: dict[tuple[str, str], str], say: Say) -> dict[str, Any]:
    """Check the chain of acts; return the lists that two people decided, with who ordered each."""
    before = (0, "")
    acts: dict[tuple[str, str], Any] = {}
    for row in _read(folder, "acts"):
        act = json.loads(row["row"])
        if (act["seq"] - 1, act.get("previous_hash", "")) != before:
            say(f"act {act['seq']} does not follow from the one before it")
        if _hash(_json([act.get(name, empty) for name, empty in ACT])) != act["hash"]:
            say(f"act {act['seq']} is not what its hash says")
        if _hash(row["row"])[:32] != digests.get(("registry.act", row["key"])):
            say(f"act {act['seq']} is not what its entry tells")
        before = (act["seq"], act["hash"])
        named = str(act.get("data", {}).get("list", ""))
        acts[(act["kind"], named)] = act.get("actor_id")
    return {
        named: actor
        for (kind, named), actor in acts.items()
        if kind == "disposal_ordered"
        and {("disposal_approved", named), ("disposal_proposed", named)} <= acts.keys()
        and acts["disposal_approved", named] != acts["disposal_proposed", named]
    }


class _Emptied:
    """Events whose data a disposal emptied: the disposal's own event has the digest of the rest.

    It counts as the last event of a letter, of a list that two people decided.
    """

    def __init__(self, disposals: dict[str, Any]) -> None:
        self.disposals = disposals
        self.letter = ""
        self.kept: list[list[Any]] = []
        self.doubtful: list[tuple[str, int]] = []  # of the letter at hand
        self.disposed: tuple[str, int] | None = None  # the disposal's event, while it is the last
        self.wrong: list[tuple[str, int]] = []
        self.undecided: list[tuple[str, int]] = []

    def take(self, event: Row, *, whole: bool) -> None:
        """Take the next event of a letter; the events of a letter come together."""
        if event["letter_id"] != self.letter:
            self._end()
            self.letter, self.kept = event["letter_id"], []
        elif self.disposed:
            self.undecided.append(self.disposed)
        self.disposed = None
        here = (self.letter, event["seq"])
        if not whole:
            (self.wrong if event.get("data") else self.doubtful).append(here)
        elif event["kind"] == "disposed":
            if self._is_decided(event):
                self.disposed = here
            else:
                self.undecided.append(here)
        names = [(name, empty) for name, empty in EVENT if name not in ("letter_id", "data")]
        told = [event.get(name, empty) for name, empty in names]
        self.kept.append([*told, event["hash"], event.get("register_hash", "")])

    def _is_decided(self, event: Row) -> bool:
        data = event.get("data", {})
        ordered = self.disposals.get(str(data.get("list", "")), 0)
        fits = data.get("events") == _hash(_json(self.kept))
        return bool(fits and ordered and ordered == event.get("actor_id"))

    def _end(self) -> None:
        """End a letter: what a disposal emptied is proven by its event alone, at the end."""
        self.wrong += [] if self.disposed else self.doubtful
        self.doubtful, self.disposed = [], None

    def tell(self, say: Say) -> None:
        """Tell each event that nothing proves, and each disposal that nobody decided."""
        self._end()
        for letter, seq in self.wrong:
            say(f"event {seq} of letter {letter} is not what its hash says")
        for letter, seq in self.undecided:
            say(f"event {seq} of letter {letter} is a disposal that no two people decided")


def _check_events(
    folder: Path, digests: dict[tuple[str, str], str], disposals: dict[str, Any], say: Say
) -> dict[str, str]:
    """Check each letter's chain and each register's; return the hash of each event."""
    heads: dict[str, tuple[int, str]] = {}
    hashes: dict[str, str] = {}
    emptied = _Emptied(disposals)
    first: dict[tuple[int, int], list[Row]] = {}
    for row in _read(folder, "events"):
        event = json.loads(row["row"])
        letter, seq, before = event["letter_id"], event["seq"], event.get("previous_hash", "")
        if (seq - 1, before) != heads.get(letter, (0, "")):
            say(f"event {seq} of letter {letter} does not follow from the one before it")
        hashed = [event.get(name, empty) for name, empty in EVENT]
        emptied.take(event, whole=_hash(_json(hashed)) == event["hash"])
        if _hash(row["row"])[:32] != digests.get(("registry.letterevent", row["key"])):
            say(f"event {seq} of letter {letter} is not what its entry tells")
        heads[letter] = (seq, event["hash"])
        hashes[f"{letter} {seq}"] = event["hash"]
        if seq == 1:
            first.setdefault((row["register"], row["year"]), []).append(row | event)
    for row in _read(folder, "letters"):
        if heads.pop(row["key"], (0, "")) != (row["version"], row["chain_head"]):
            say(f"letter {row['number']}: its history was cut")
    for letter in heads:
        say(f"letter {letter} is missing")
    emptied.tell(say)
    for row in _read(folder, "series"):
        _check_series(row, first.get((row["register"], row["year"]), []), say)
    return hashes


def _check_series(series: Row, events: list[Row], say: Say) -> None:
    head = ""
    for serial, row in enumerate(sorted(events, key=lambda each: int(each["serial"])), 1):
        head = _hash(head + row["hash"])
        if row["serial"] != serial or row.get("register_hash") != head:
            say(f"series {series['key']}: number {serial} is missing or another")
            return
    if head != series["chain_head"] or (events and len(events) != series["last"]):
        say(f"series {series['key']}: its last number is {series['last']}, {len(events)} are here")


def _check_closings(
    folder: Path, digests: dict[tuple[str, str], str], hashes: dict[str, str], say: Say
) -> None:
    """Check the chain of closings of each series, and the events that they seal."""
    heads: dict[int, tuple[int, str]] = {}
    for row in _read(folder, "closings"):
        closing = json.loads(row["row"])
        series, sequence = closing["series_id"], closing["sequence"]
        if (sequence - 1, closing.get("previous_hash", "")) != heads.get(series, (0, "")):
            say(f"closing {sequence} of series {series} does not follow from the one before it")
        named = [closing["checkpoint"]] if "checkpoint" in closing else []
        hashed = [*(closing.get(name, empty) for name, empty in CLOSING), *named]
        if _hash(_json(hashed)) != closing["hash"]:
            say(f"closing {sequence} of series {series} is not what its hash says")
        for letter, seq, value in closing.get("heads", ()):
            if hashes.get(f"{letter} {seq}") != value:
                say(f"closing {sequence} of series {series} sealed another event {seq} of {letter}")
        if _hash(row["row"])[:32] != digests.get(("registry.dailyclosing", row["key"])):
            say(f"closing {sequence} of series {series} is not what its entry tells")
        heads[series] = (sequence, closing["hash"])
    for row in _read(folder, "series"):
        if heads.get(int(row["key"]), (0, ""))[1] != row["closing_head"]:
            say(f"series {row['key']}: closings are missing")


def _read(folder: Path, name: str) -> Iterator[Row]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
