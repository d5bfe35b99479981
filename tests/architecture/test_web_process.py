"""What a process that serves pages loads when it starts: no reader, no classifier."""

import subprocess
import sys

from tests.architecture.test_house import ROOT

HEAVY = ("cv2", "scipy", "sklearn", "onnxruntime", "pypdfium2")
START = """
import sys
import config.wsgi, config.urls, config.letter_path
print(*sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def test_heavy_libraries_stay_out_of_the_web_process() -> None:
    command = [sys.executable, "-c", START, *HEAVY]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [], "imported while the web process starts"
