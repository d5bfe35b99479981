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
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = dict[str, Any]
Say = Callable[[str], None]
Digests = dict[tuple[str, str], str]  # by table and key
Heads = dict[Any, tuple[int, str]]  # number and hash of the last of each chain
Keys = set[tuple[str, bytes]]  # name and public key
Link = tuple[Row, Row, str, bool]  # a line, its row, its name, whether its hash fits
Wanted = dict[int, list[tuple[bytes, str]]]  # by size: a root, and who knows it
# The columns that are hashed, in their order, and those that an event keeps when it is emptied.
EVENT = "letter_id seq at actor_id kind visibility data seals previous_hash"
CLOSING = "series_id sequence day first last chain_head heads closed_at closed_by_id previous_hash"
KEPT = "seq at actor_id kind visibility seals previous_hash hash register_hash"
# What stands for an empty column, where null does not.
EMPTY: Row = {"seq": 0, "sequence": 0, "first": 0, "last": 0, "data": {}, "seals": {}, "heads": []}
EMPTY |= dict.fromkeys(["kind", "visibility", "chain_head", "previous_hash", "register_hash"], "")
# Each file of chains: its table, whose each chain is, the number of a row in it, the columns.
CHAINS = {
    "events": ("registry.letterevent", "letter", "seq", EVENT),
    "acts": ("registry.act", "", "seq", "seq at actor_id kind data previous_hash"),
    "closings": ("registry.dailyclosing", "series", "sequence", CLOSING),
}


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
    print("\n".join(problems or ["whole"]))
    return 1 if problems else 0


def verify(folder: Path, against: list[str], keys: list[str], roots: str, say: Say) -> None:
    """Print every problem of an export."""
    leaves, digests, own = _check_entries(folder, say)
    known = {key_of(key) for key in keys} or own
    wanted: Wanted = {}
    for name, text in [*_named(folder), *((one, one) for one in against)]:
        for size, root in _points(name, text, known if name == text else set(), roots, say):
            wanted.setdefault(size, []).append((root, name[:80]))
    _check_points(leaves, wanted, say)
    _check_rows(folder, digests, say)
    hashes = _check_events(folder, digests, _check_acts(folder, digests, say), say)
    _check_closings(folder, digests, hashes, say)


def _check_entries(folder: Path, say: Say) -> tuple[list[bytes], Digests, Keys]:
    """Return the leaves' hashes, the last digest recorded of each row, and the log's keys."""
    leaves: list[bytes] = []
    digests: Digests = {}
    keys: Keys = set()
    for file in ("entries", "waiting"):  # what waits for the log comes last
        for place, row in enumerate(_read(folder, file)):
            if file == "entries":
                leaves.append(hashlib.sha256(b"\x00" + row["leaf"].encode()).digest())
                if row["place"] != place:
                    say(f"entry {place} is missing")
            leaf, lines = json.loads(row["leaf"]), row["lines"]
            if _hash(f"{row['nonce']}\n{lines}") != leaf["digest"]:
                say(f"{file}, place {place}: its lines are not those of its leaf")
            if leaf["table"] == "signer.key":
                keys |= {key_of(key) for key in re.findall(r"(?m)^(?:first|new|old) (\S+)$", lines)}
                continue
            told = [line.rpartition(" ") for line in lines.split("\n") if line]
            digests |= {(leaf["table"], key): digest for key, _, digest in told}
    return leaves, digests, keys


def _named(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the checkpoints that the export itself names."""
    yield from ((f"kept {row['size']}", row["note"]) for row in _read(folder, "checkpoints"))
    yield from ((f"anchor {row['place']}", row["note"]) for row in _read(folder, "anchors"))
    for row in _read(folder, "closings"):
        if named := json.loads(row["row"]).get("checkpoint"):
            yield f"closing {row['key']}", named


def _points(name: str, text: str, known: Keys, roots: str, say: Say) -> list[tuple[int, bytes]]:
    """Return size and root of what was brought, its signatures and its timestamp checked."""
    note, _, token = text.partition(":")
    if token and Path(note).is_file() and Path(token).is_file():
        command = ["openssl", "ts", "-verify", "-data", note, "-in", token, "-token_in"]
        command += ["-CAfile", roots] if roots else []
        if subprocess.run(command, capture_output=True, check=False).returncode:
            say(f"{token}: openssl does not accept the timestamp")
        text = note
    if "\n" not in text and len(text) < 4096 and Path(text).is_file():
        text = Path(text).read_text("utf-8", "replace")
    if "\n\n" not in text:
        found = re.findall(r"#(\d{1,15})#([0-9a-f]{64})", "".join(text.split()))
        if not found:
            say(f"{name[:80]}: there is no checkpoint in it")
        return [(int(size), bytes.fromhex(root)) for size, root in found]
    body, _, signatures = text.partition("\n\n")
    if known and not _is_signed(body + "\n", signatures, known):
        say(f"{name[:80]}: no known key signed it")
    return [(int(body.split("\n")[1]), base64.b64decode(body.split("\n")[2]))]


def key_of(text: str) -> tuple[str, bytes]:
    """Return name and public key of a verifier key."""
    name, _, rest = text.strip().partition("+")
    raw = base64.b64decode(rest.partition("+")[2], validate=True)
    if len(raw) != 33 or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != rest[:8]:
        raise ValueError(f"{text} is no verifier key")
    return name, raw[1:]


def _is_signed(text: str, signatures: str, known: Keys) -> bool:
    """Return whether a known key signed a note, with or without a time."""
    for line in signatures.strip("\n").split("\n"):
        name, _, encoded = line.removeprefix("\N{EM DASH} ").partition(" ")
        raw = base64.b64decode(encoded)
        timed = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n{text}"
        kind, message = {68: (1, text), 76: (4, timed)}.get(len(raw), (0, ""))
        for owner, public in known if kind else ():
            key_id = hashlib.sha256(b"%b\n%c%b" % (name.encode(), kind, public)).digest()
            if owner == name and raw[:4] == key_id[:4]:
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[-64:], message.encode())
                except InvalidSignature:
                    return False
                return True
    return False


def _check_points(leaves: list[bytes], wanted: Wanted, say: Say) -> None:
    """Compare the root at each wanted size, in one pass over the tops of the full trees."""
    tops: list[bytes] = []
    for size in range(len(leaves) + 1):
        if size:
            top, filled = leaves[size - 1], size - 1
            while filled & 1:
                top, filled = _above(top, tops.pop()), filled >> 1
            tops.append(top)
        for root, name in wanted.pop(size, ()):
            if root != (reduce(_above, reversed(tops)) if tops else hashlib.sha256().digest()):
                say(f"{name}: the first {size} entries are not those of then")
    for size, named in sorted(wanted.items()):
        for _root, name in named:
            say(f"{name}: it knows {size} entries, {len(leaves)} are here")


def _above(right: bytes, left: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _check_rows(folder: Path, digests: Digests, say: Say) -> None:
    """Compare each present row with the last digest that the entries record of it."""
    for row in _read(folder, "rows"):
        told = digests.get((row["table"], row["key"]), "")
        if told != row["digest"] and not (row["empty"] and not told):
            say(f"row {row['table']}/{row['key']} is not what its entries tell")
    standing = {(row["table"], row["key"]) for row in _read(folder, "rows")}
    for name, digest in digests.items():
        if digest and name not in standing:
            say(f"row {name[0]}/{name[1]} is missing")


def _links(folder: Path, file: str, digests: Digests, heads: Heads, say: Say) -> Iterator[Link]:
    """Yield the rows of a file of chains, checked but for the hash of an event; keep the heads."""
    table, whose, number, columns = CHAINS[file]
    for line in _read(folder, file):
        row = json.loads(line["row"])
        chain = row[f"{whose}_id"] if whose else ""
        name = f"{file.removesuffix('s')} {row[number]}" + (f" of {whose} {chain}" if whose else "")
        named = [row["checkpoint"]] if file == "closings" and "checkpoint" in row else []
        whole = _hash(_canonical(row, columns, *named)) == row["hash"]
        if (row[number] - 1, row.get("previous_hash", "")) != heads.get(chain, (0, "")):
            say(f"{name} does not follow from the one before it")
        if not whole and file != "events":
            say(f"{name} is not what its hash says")
        if _hash(line["row"])[:32] != digests.get((table, line["key"])):
            say(f"{name} is not what its entry tells")
        heads[chain] = (row[number], row["hash"])
        yield line, row, name, whole


def _canonical(row: Row, columns: str, *more: Any) -> str:
    values = [row.get(name, EMPTY.get(name)) for name in columns.split()]
    return json.dumps([*values, *more], sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _check_acts(folder: Path, digests: Digests, say: Say) -> Row:
    """Check the chain of acts; return the lists that two people decided, with who ordered each."""
    people: dict[str, Row] = {}  # by list, and by what was done
    for _line, act, *_ in _links(folder, "acts", digests, {}, say):
        named = str(act.get("data", {}).get("list", ""))
        people.setdefault(named, {})[act["kind"]] = act.get("actor_id")
    return {
        named: who["disposal_ordered"]
        for named, who in people.items()
        if {"disposal_proposed", "disposal_approved", "disposal_ordered"} <= who.keys()
        and who["disposal_proposed"] != who["disposal_approved"]
    }


def _check_letter(events: list[Link], disposals: Row, say: Say) -> None:
    """Check that each event of a letter is what its hash says, or that a disposal emptied it."""
    # A disposal comes last, by who ordered what two people decided; it tells what the rest keep.
    _line, last, _name, whole = events[-1]
    data = last.get("data", {}) if whole and last["kind"] == "disposed" else {}
    by = disposals.get(str(data.get("list", "")))
    kept = ",".join(_canonical(event, KEPT) for _line, event, *_ in events[:-1] if data)
    decided = by and by == last.get("actor_id") and data.get("events") == _hash(f"[{kept}]")
    for _line, event, name, whole in events:
        if not whole and (event.get("data") or not decided):
            say(f"{name} is not what its hash says")
        if whole and event["kind"] == "disposed" and not (decided and event is last):
            say(f"{name} is a disposal that no two people decided")


def _check_events(folder: Path, digests: Digests, disposals: Row, say: Say) -> dict[str, str]:
    """Check each letter's chain and each register's; return the hash of each event."""
    heads: Heads = {}
    hashes: dict[str, str] = {}
    first: dict[tuple[int, int], list[Row]] = {}
    links = _links(folder, "events", digests, heads, say)
    for letter, group in groupby(links, lambda link: link[1]["letter_id"]):
        events = list(group)
        _check_letter(events, disposals, say)
        for line, event, *_ in events:
            hashes[f"{letter} {event['seq']}"] = event["hash"]
            if event["seq"] == 1:
                first.setdefault((line["register"], line["year"]), []).append(line | event)
    for row in _read(folder, "letters"):
        if heads.pop(row["key"], (0, "")) != (row["version"], row["chain_head"]):
            say(f"letter {row['number']}: its history was cut")
    for letter in heads:
        say(f"letter {letter} is missing")
    for row in _read(folder, "series"):
        _check_series(row, first.get((row["register"], row["year"]), []), say)
    return hashes


def _check_series(series: Row, events: list[Row], say: Say) -> None:
    head, begins = "", int(series.get("first", 1))
    for serial, row in enumerate(sorted(events, key=lambda each: int(each["serial"])), begins):
        head = _hash(head + row["hash"])
        if row["serial"] != serial or row.get("register_hash") != head:
            say(f"series {series['key']}: number {serial} is missing or another")
            return
    if head != series["chain_head"] or (events and begins - 1 + len(events) != series["last"]):
        say(f"series {series['key']}: its last number is {series['last']}, {len(events)} are here")


def _check_closings(folder: Path, digests: Digests, hashes: dict[str, str], say: Say) -> None:
    """Check the chain of closings of each series, and the events that they seal."""
    heads: Heads = {}
    for _line, closing, name, _whole in _links(folder, "closings", digests, heads, say):
        for letter, seq, value in closing.get("heads", ()):
            if hashes.get(f"{letter} {seq}") != value:
                say(f"{name} sealed another event {seq} of {letter}")
    for row in _read(folder, "series"):
        if heads.get(int(row["key"]), (0, ""))[1] != row["closing_head"]:
            say(f"series {row['key']}: closings are missing")


def _read(folder: Path, name: str) -> Iterator[Row]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
