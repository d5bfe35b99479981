"""A letter of 2,000 pages in an embedded office: memory, progress, and the letters behind it.

One page in ten is a scan, the others have their own text. While it is read, a letter of one scanned
page comes in every few seconds; it must not wait for the long one.
"""

import argparse
import io
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from PIL import Image

from benches._office import BenchOffice, Client
from ocr.bench.processes import resident
from registry.kinds import RegistryJob

MEGA = 1_000_000
_LINE_SECONDS = 15.0
_PATIENCE = 3600.0


@dataclass(slots=True)
class Watched:
    """What was observed while the long letter was read.

    Samples are (seconds, pages done, bytes of the office's process, bytes of its readers); waits
    say how long each short letter waited until it was read (inf: not read in the end).
    """

    samples: list[tuple[float, int, int, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    total: int = 0


def long_pdf(pages: int, *, every: int) -> bytes:
    """Return a PDF of so many pages, every n-th of them a scan; like pages share their picture."""
    from tests.factories import pdf_bytes, picture_bytes

    scan = io.BytesIO()
    words = "\n".join(f"Annexe au marché, ligne {line} du bordereau" for line in range(24))
    Image.open(io.BytesIO(picture_bytes(words))).convert("L").save(scan, "PDF", resolution=75)
    plain = pdf_bytes("\n".join([f"Article {n} : la Régie de distribution" for n in range(30)]))
    whole = pypdfium2.PdfDocument.new()
    block = pypdfium2.PdfDocument.new()
    for number in range(every):
        block.import_pages(pypdfium2.PdfDocument(scan.getvalue() if number == 0 else plain))
    numbers = [number % every for number in range(pages)]
    whole.import_pages(block, pages=numbers)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def watch(office: BenchOffice, process: int, *, pages: int, every: int, pause: float) -> Watched:
    """Deposit the long letter, then short ones until it is read."""
    from config.organisation import DEMO_PASSWORD
    from tests.factories import picture_bytes

    client = Client(office.port)
    client.log_in("amina", DEMO_PASSWORD)
    content = long_pdf(pages, every=every)
    print(f"{pages} pages, {len(content) / MEGA:.1f} MB", flush=True)
    long = _deposit(client, content, "long.pdf")
    watched, waiting = Watched(), dict[str, float]()
    started = told = sent = time.monotonic()
    while time.monotonic() - started < _PATIENCE:
        now = time.monotonic()
        if now - sent > pause:
            short = _deposit(client, picture_bytes(), "scan.png")
            waiting[short], sent = now, now
        _take_waits(waiting, watched)
        state, done, watched.total = _progress(long)
        whole, own = resident(process), _own(process)
        watched.samples.append((now - started, done, own, whole - own))
        ended = state in {"done", "parked"}
        if now - told > _LINE_SECONDS or ended:
            told = now
            _tell(watched)
        if ended:
            break
        time.sleep(0.5)
    _finish_waits(waiting, watched)
    return watched


def _deposit(client: Client, content: bytes, name: str) -> str:
    status, answer = client.deposit(content, name=name)
    if status != 201:
        raise RuntimeError(f"a deposit was refused: {status} {answer}")
    return str(answer["id"])


def _progress(letter: str) -> tuple[str, int, int]:
    """Return state, pages done and pages of the letter's reading, as the office page shows them."""
    from jobs.models import Job

    job = Job.objects.filter(kind=RegistryJob.LETTER_READ, subject=letter).order_by("-id").first()
    return (job.state, job.done_steps, job.total_steps) if job else ("ready", 0, 0)


def _take_waits(waiting: dict[str, float], watched: Watched) -> None:
    for letter, since in list(waiting.items()):
        if _progress(letter)[0] == "done":
            watched.waits.append(time.monotonic() - since)
            del waiting[letter]


def _finish_waits(waiting: dict[str, float], watched: Watched) -> None:
    until = time.monotonic() + 60
    while waiting and time.monotonic() < until:
        _take_waits(waiting, watched)
        time.sleep(0.5)
    watched.waits += [float("inf")] * len(waiting)


def _own(process: int) -> int:
    """Return the resident bytes of the office's process alone."""
    line = next(
        line
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1]) * 1024


def _tell(watched: Watched) -> None:
    seconds, done, own, readers = watched.samples[-1]
    print(
        f"  {seconds:6.0f} s   {done:5} of {watched.total:5} pages   office {own / MEGA:4.0f} MB"
        f"   readers {readers / MEGA:4.0f} MB",
        flush=True,
    )


def _report(watched: Watched) -> int:
    seconds, done, _, _ = watched.samples[-1]
    print(f"read {done} of {watched.total} pages in {seconds:.0f} s")
    for name, column in (("office", 2), ("readers", 3)):
        _tell_memory(name, [sample[column] for sample in watched.samples if sample[1]])
    if watched.waits:
        shown = sorted(watched.waits)
        print(
            f"{len(shown)} short letters meanwhile: read after {statistics.median(shown):.1f} s"
            f" (median), {shown[-1]:.1f} s (longest)"
        )
    return 0 if watched.total and done == watched.total else 1


def _tell_memory(name: str, samples: list[float]) -> None:
    """Print the means of the first and the last fifth, and the most."""
    fifth = max(len(samples) // 5, 1)
    first, last = (statistics.fmean(part) / MEGA for part in (samples[:fifth], samples[-fifth:]))
    most = max(samples) / MEGA
    print(f"{name}: {first:.0f} MB in the first fifth, {last:.0f} in the last, {most:.0f} at most")


def main() -> int:
    """Run the bench; exit 1 when the long letter was not read to its end."""
    parser = argparse.ArgumentParser(prog="sijill bench long_letter", description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--every", type=int, default=10, help="one page in so many is a scan")
    parser.add_argument("--pause", type=float, default=10, help="seconds between short letters")
    asked = parser.parse_args()
    office = BenchOffice()
    try:
        office.set_up()
        process = office.start("up", JOB_DELIVERY="thread")
        office.wait_for_web()
        watched = watch(
            office, process.pid, pages=asked.pages, every=asked.every, pause=asked.pause
        )
        return _report(watched)
    finally:
        from django.db import connections

        connections.close_all()
        office.close()


if __name__ == "__main__":
    sys.exit(main())
