"""Files of strangers through a running office: deposited over HTTP, judged, read by its worker.

Each file of the given folders (and `--mutated` ones, changed as in `bench fuzz`) is a letter of its
own; a few wait at once. Then the desk looks at each: the first page's picture, the searchable PDF.
Told are the answers, what reading said, the seconds of a file, and the largest process. Exit 1
where an answer is an error of ours, a job is parked, something waits still, the log has an error,
or a process takes more memory than allowed (`soffice.bin`, LibreOffice's own, is told apart).
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import requests

from benches import fuzz
from benches._browser import Browser
from benches._office import BenchOffice, Client
from benches._process_peaks import Peaks
from benches._recorded import at_share
from benches._samples_of_formats import samples

MOST_BYTES: Final = 600_000_000  # of one process
WAITING: Final = 4  # letters that are read while the next one is deposited
OFFICE_PROGRAM: Final = "soffice.bin"
PLACES: Final = {
    "page": "",
    "file": "documents/{}/?show=1",
    "picture": "documents/{}/pages/1.webp",
    "searchable": "documents/{}/searchable.pdf",
}
_LOOK_SECONDS: Final = 0.2
_NOT_FILES: Final = frozenset({"SOURCE.md", "manifest.csv"})


@dataclass(slots=True)
class Seen:
    """What became of the files, and how long each took that was read."""

    answers: Counter[str] = field(default_factory=Counter)
    ours: list[str] = field(default_factory=list)  # files on which our side failed
    names: dict[str, str] = field(default_factory=dict)  # letter -> file
    seconds: dict[str, float] = field(default_factory=dict)  # letter -> from its deposit on
    left: int = 0  # jobs that waited still at the end


def files_of(folders: list[Path], each: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each so-many-th file of the folders."""
    for folder in folders:
        found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in [path for path in found if path.name not in _NOT_FILES][::each]:
            yield path.name, path.read_bytes()


def mutated(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many changed files, the formats in turn."""
    kinds = samples()
    streams = {name: fuzz.mutants(files, f"{seed}-{name}") for name, files in kinds.items()}
    for number in range(count):
        name = list(kinds)[number % len(kinds)]
        yield f"mutated-{number}.{name}", next(streams[name])


def deposit_all(client: Client, files: Iterator[tuple[str, bytes]], seen: Seen) -> None:
    """Deposit each as a letter of its own, and wait while too many are being read."""
    began: dict[str, float] = {}
    for name, content in files:
        at = time.monotonic()
        try:
            status, answer = client.deposit(content, name=name)
        except OSError as error:
            status, answer = 599, {"text": type(error).__name__}
        if status in {200, 201}:
            seen.answers["taken"] += 1
            seen.names[str(answer["id"])] = name
            began[str(answer["id"])] = at
        elif status < 500:
            seen.answers[f"refused: {refusal_of(answer) or status}"] += 1
        else:
            seen.answers["failed on our side"] += 1
            seen.ours.append(f"{name}: deposit {status}")
        _finish(began, seen, left=WAITING)
    _finish(began, seen, left=0)


def refusal_of(answer: dict[str, Any]) -> str:
    """Return the code of the first reason why a file was refused."""
    error = answer.get("error", {})
    codes = [str(one.get("code", "")) for one in error.get("refusals", [])]
    return codes[0] if codes else str(error.get("code", ""))


def _finish(began: dict[str, float], seen: Seen, *, left: int, seconds: float = 900.0) -> None:
    """Wait until at most so many letters are not read yet; note how long the others took."""
    ends = time.monotonic() + seconds
    while len(began) > left and time.monotonic() < ends:
        for letter in done_of([*began]):
            seen.seconds[letter] = time.monotonic() - began.pop(letter)
        if len(began) > left:
            time.sleep(_LOOK_SECONDS)


def done_of(letters: list[str]) -> list[str]:
    """Return those of these letters that no job of reading waits for."""
    from jobs.models import Job
    from registry.kinds import RegistryJob

    jobs = Job.objects.filter(kind=RegistryJob.LETTER_READ, state__in=("ready", "running"))
    waiting = set(jobs.filter(subject__in=letters).values_list("subject", flat=True))
    return [letter for letter in letters if letter not in waiting]


def wait_for_the_rest(seconds: float) -> int:
    """Wait for all that is due: archives, second readings, vectors; return how many are left."""
    from django.utils import timezone

    from jobs.models import Job

    ends = time.monotonic() + seconds
    jobs = Job.objects.filter(state__in=("ready", "running"))
    while (left := jobs.filter(run_after__lte=timezone.now()).count()) and time.monotonic() < ends:
        time.sleep(1)
    return left


def look_at_all(port: int, seen: Seen, password: str) -> Counter[str]:
    """Look at each document as a clerk does; return how often each address answered what."""
    from registry.models.documents import Document

    browser, answers = Browser(f"http://127.0.0.1:{port}"), Counter[str]()
    browser.log_in("amina", password)
    for document, letter in Document.objects.values_list("pk", "letter_id").order_by("pk"):
        for kind, end in PLACES.items():
            address = f"{browser.office}/letters/{letter}/" + end.format(document)
            try:
                status = browser.session.get(address, timeout=60).status_code
            except requests.RequestException:
                status = 599
            answers[f"{kind} {status}"] += 1
            if status >= 500:
                seen.ours.append(f"{seen.names.get(str(letter), letter)}: {kind} {status}")
    return answers


def told(seen: Seen, log: Path) -> dict[str, Counter[str]]:
    """Return what became of the documents that were taken, and what went wrong."""
    from jobs.models import Job
    from registry.models.documents import Document
    from registry.models.readings import DocumentReading

    current = DocumentReading.objects.filter(current=True).order_by("pk")
    outcome = {document: problem or "read" for document, problem in _problems(current, "document")}
    for document, problem in _problems(Document.objects.order_by("pk"), "pk"):
        outcome.setdefault(document, problem or "not read yet")
    parked = Job.objects.filter(state="parked").values_list("kind", "error_code", "subject")
    for kind, code, subject in parked:
        seen.ours.append(f"{seen.names.get(subject, subject)}: {kind} parked, {code}")
    errors = [line for line in log.read_text(errors="replace").splitlines() if _is_error(line)]
    seen.ours += [f"log: {line[:300]}" for line in errors[:20]]
    return {
        "documents": Counter(outcome.values()),
        "parked": Counter(f"{kind} {code}" for kind, code, _subject in parked),
        "errors in the log": Counter({"lines": len(errors)} if errors else {}),
    }


def _problems(rows: Any, key: str) -> Iterator[tuple[Any, str]]:
    yield from rows.values_list(key, "problem")


def _is_error(line: str) -> bool:
    return "Traceback" in line or '"ERROR"' in line or " ERROR " in line


def name_of(digest: str, seen: Seen) -> str:
    """Return the name of the deposited file with this digest, empty where there is none."""
    from registry.models.documents import Document

    document = (
        Document.objects.filter(file__sha256=digest).order_by("pk").first() if digest else None
    )
    if document is None:
        return ""
    return f"{seen.names.get(str(document.letter_id), '')} ({document.title})"


def table(peaks: Peaks, seen: Seen) -> str:
    """Return the largest processes, program by program."""
    rows = ["| Program | Largest, MB | With |", "|---|---|---|"]
    rows += [
        f"| {name} | {one.bytes / 1_000_000:.0f} | {name_of(one.digest, seen)} |"
        for name, one in islice(peaks.rows(), 8)
    ]
    return "\n".join(rows)


def times(seen: Seen) -> str:
    """Return how long files took from their deposit until they were read, and the slowest."""
    took = [*seen.seconds.values()]
    if not took:
        return "none was read"
    slowest = sorted(seen.seconds.items(), key=lambda item: -item[1])[:5]
    named = ", ".join(f"{seen.names[letter]} {seconds:.1f}" for letter, seconds in slowest)
    p50, p95 = at_share(took, 0.5), at_share(took, 0.95)
    return f"p50 {p50:.1f}, p95 {p95:.1f}, max {max(took):.1f}; {named}"


def through_an_office(
    files: Iterator[tuple[str, bytes]], seen: Seen, *, seconds: float, stack: ExitStack
) -> tuple[Peaks, dict[str, Counter[str]]]:
    """Take the files through an office of their own; return its processes and what was counted."""
    office = BenchOffice(LOG_LEVEL="ERROR")
    stack.callback(office.close)
    office.set_up()
    from django.db import connections

    from config.organisation import DEMO_PASSWORD

    stack.callback(connections.close_all)
    process = office.start("up")
    office.wait_for_web(seconds=180)
    with Peaks(process.pid) as peaks:
        client = Client(office.port, seconds=300)
        client.log_in("amina", DEMO_PASSWORD)
        deposit_all(client, files, seen)
        seen.left = wait_for_the_rest(seconds)
        looked = look_at_all(office.port, seen, DEMO_PASSWORD)
        peaks.look()
    found = told(seen, office.data_dir / "up.log")
    return peaks, {"answers": seen.answers, **found, "looked at": looked}


def main() -> int:
    """Run the office, and print the counts."""
    parser = argparse.ArgumentParser(prog="sijill bench hostile_office", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="of files, with all below them")
    parser.add_argument("--each", type=int, default=1, help="only each so many-th file")
    parser.add_argument("--mutated", type=int, default=0, help="so many changed samples besides")
    parser.add_argument("--seed", type=int, default=23, help="of the changed samples")
    parser.add_argument("--seconds", type=float, default=3600.0, help="for what is left to do")
    asked = parser.parse_args()
    if not asked.folders and not asked.mutated:
        parser.error("name a folder, or how many --mutated")
    files = chain(files_of(asked.folders, asked.each), mutated(asked.mutated, asked.seed))
    seen = Seen()
    with ExitStack() as stack:
        peaks, counts = through_an_office(files, seen, seconds=asked.seconds, stack=stack)
        for name, found in counts.items():
            print(f"{name}: {dict(found.most_common())}")
        print(f"seconds from deposit to reading: {times(seen)}; {seen.left} jobs left over")
        print(table(peaks, seen))
    over = [name for name, one in peaks.rows() if one.bytes > MOST_BYTES and name != OFFICE_PROGRAM]
    print("\n".join([*seen.ours, *(f"too large: {name}" for name in over)]) or "nothing failed")
    return 1 if seen.ours or over or seen.left else 0


if __name__ == "__main__":
    sys.exit(main())
