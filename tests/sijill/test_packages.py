"""What set-up installs: missing system packages are named, Python's are those of the lock."""

import hashlib
import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shell(script: str, *, path: str | None = None, home: Path) -> subprocess.CompletedProcess[str]:
    """Run bash lines after the script's functions; `path`: where programs are looked for."""
    preamble = f'ROOT={ROOT}\nset -euo pipefail\nsource "$ROOT/tools/setup.sh"\nLOG={home}/log\n'
    replace = f"PATH={path}\n" if path is not None else ""
    return subprocess.run(
        ["/bin/bash", "-c", preamble + replace + script],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def fake(folder: Path, name: str, body: str = "exit 0") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.mark.shells_out
def test_a_machine_that_has_everything_needs_no_package(tmp_path: Path) -> None:
    assert shell("missing_for_office", home=tmp_path).stdout.split() == []


def test_each_missing_part_is_named_by_its_package(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    for name in ("grep", "find"):
        bare.mkdir(exist_ok=True)
        (bare / name).symlink_to(f"/usr/bin/{name}")
    missing = set(shell("missing_for_office", path=str(bare), home=tmp_path).stdout.split())
    assert {"python3", "python3-venv", "tesseract-ocr", "tesseract-ocr-ara", "gettext"} <= missing
    assert {"libmagic1", "libpango-1.0-0"} <= missing  # no ldconfig: nothing is taken for granted


def test_a_libreoffice_without_tables_is_not_taken_for_whole(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    fake(programs, "soffice")
    (programs / "libswlo.so").touch()
    path = f"{programs}:/usr/bin"
    found = shell("missing_for_renditions", path=path, home=tmp_path).stdout.split()
    assert found == ["libreoffice-calc-nogui"]
    (programs / "libsclo.so").touch()
    assert not shell("missing_for_renditions", path=path, home=tmp_path).stdout.split()


@pytest.mark.parametrize(
    ("known", "here", "named"),
    [(True, False, ["chromium-headless-shell"]), (True, True, []), (False, False, [])],
)
def test_the_quicker_browser_is_named_where_this_release_has_it(
    tmp_path: Path, known: bool, here: bool, named: list[str]
) -> None:
    programs = tmp_path / "bin"
    fake(
        programs, "apt-cache", f"[[ $* == 'show chromium-headless-shell' ]] && {str(known).lower()}"
    )
    if here:
        fake(programs, "chromium-headless-shell")
    found = shell("missing_for_browsers", path=str(programs), home=tmp_path)
    assert (found.returncode, found.stdout.split()) == (0, named)


def test_a_missing_reading_language_is_noticed(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    fake(programs, "tesseract", "printf 'List of languages:\\neng\\nfra\\nosd\\n'")
    found = shell("missing_for_office", path=f"{programs}:$PATH", home=tmp_path).stdout.split()
    assert found == ["tesseract-ocr-ara"]


@pytest.mark.parametrize("script", ["install_packages libmagic1 gettext"])
def test_who_may_not_install_is_told_the_packages_and_the_command(
    tmp_path: Path, script: str
) -> None:
    programs = tmp_path / "bin"
    fake(programs, "id", "echo 1000")
    fake(programs, "sudo", "exit 1")
    fake(programs, "apt-get", "exit 1")
    told = shell(script, path=f"{programs}:$PATH", home=tmp_path)
    assert told.returncode == 3
    assert told.stdout == ""
    assert "sudo apt-get update && sudo apt-get install libmagic1 gettext" in told.stderr


def test_a_failed_installation_names_its_log_after_a_second_try(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    fake(programs, "id", "echo 0")
    fake(programs, "apt-get", f'echo "$@" >>{tmp_path}/calls; [[ "$*" == *update ]]')
    told = shell("install_packages gettext", path=f"{programs}:$PATH", home=tmp_path)
    assert told.returncode == 3
    assert str(tmp_path / "log") in told.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    assert [call.split()[-1] for call in calls] == ["gettext", "update", "gettext"]


def wheel(folder: Path, name: str, version: str, *metadata: str) -> str:
    """Write a wheel that holds one empty module; return its line of a lock."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata, ""]
        archive.writestr(f"{info}/METADATA", "\n".join(lines))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.mark.shells_out
def test_a_newer_release_of_a_package_asked_for_with_an_extra_stops_no_set_up(
    tmp_path: Path,
) -> None:
    locked = wheel(tmp_path, "fonts", "1.0", "Provides-Extra: woff")
    wheel(tmp_path, "fonts", "2.0", "Provides-Extra: woff")
    locked += wheel(tmp_path, "pages", "1.0", "Requires-Dist: fonts[woff]>=1.0")
    (tmp_path / "requirements.lock").write_text(locked)
    for name in ("requirements.txt", "own.txt", "own.lock"):
        (tmp_path / name).write_text("-r requirements.lock\n")
    venv.create(tmp_path / "venv", with_pip=True)
    done = shell(
        f"export PIP_NO_INDEX=1 PIP_FIND_LINKS={tmp_path}\n"
        f"ROOT={tmp_path} VENV={tmp_path}/venv PYTHON={tmp_path}/venv/bin/python\n"
        f'python_packages {tmp_path}/own.txt\n"$PYTHON" -m pip freeze\n',
        home=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-2:] == ["fonts==1.0", "pages==1.0"]
