"""A batch is looked through page by page: how long it is does not show in memory."""

import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from tests.channels import scans

ROOT = Path(__file__).resolve().parents[2]
PEAK = """
import resource, sys
from pathlib import Path
from channels.batch import confined
print(len(list(confined.inspect(Path(sys.argv[1]), Path(sys.argv[2])))))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_stays_flat_over_three_hundred_pages(tmp_path: Path) -> None:
    """What the child needs at its peak (kernel's figure) for 300 pages is what it needs for 10."""
    peaks = []
    page = scans.letter_page("Une page")
    for count in (10, 300):
        path = tmp_path / f"{count}.pdf"
        part = io.BytesIO()
        scans.noise(page, 1).save(part, "PDF", resolution=150)
        with pikepdf.open(part) as one, pikepdf.new() as made:
            for _ in range(count):
                made.pages.append(one.pages[0])
            made.save(path)
        command = [sys.executable, "-c", PEAK, str(path), str(tmp_path)]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        pages, peak = map(int, said.stdout.split())
        assert pages == count
        peaks.append(peak // 1024)
    assert peaks[1] - peaks[0] < 40, f"MB at the peak: {peaks}"
