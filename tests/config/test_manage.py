"""A program of the house loads it without a search for garbage, and collects from then on."""

import signal
import subprocess
import sys

from tests.imports import ROOT

# A shell in the background has its children ignore the signal.
INTERRUPTIBLE = (
    "import signal, threading; signal.signal(signal.SIGINT, signal.default_int_handler); "
)
TOLD = "import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"


def test_garbage_is_collected_once_all_is_loaded() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", TOLD]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_a_command_that_is_interrupted_says_so_in_a_line() -> None:
    work = INTERRUPTIBLE + "print('begun', flush=True); threading.Event().wait(300)"
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "-c", work]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as running:
        assert running.stdout
        assert running.stdout.readline() == "begun\n"
        running.send_signal(signal.SIGINT)
        _out, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, "\nSijill: interrupted.\n")
