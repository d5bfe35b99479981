"""The virtual environment: made once, mended when broken, untouched when nothing changed."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with the real set-up scripts and requirements that need no network."""
    folder = tmp_path / "project"
    (folder / "tools").mkdir(parents=True)
    for name in ("setup.sh", "packages.sh"):
        (folder / "tools" / name).write_text((ROOT / "tools" / name).read_text())
    for name in ("requirements.txt", "requirements.lock"):
        (folder / name).write_text("")
    return folder


def shell(project: Path, script: str) -> subprocess.CompletedProcess[str]:
    preamble = f"ROOT={project}\nset -euo pipefail\nsource {project}/tools/setup.sh\n"
    preamble += f"LOG={project}/log\nsystem_python() {{ echo {sys.executable}; }}\n"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["/bin/bash", "-c", preamble + script],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_a_broken_or_moved_environment_is_made_anew_and_a_good_one_is_left_alone(
    project: Path,
) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    made = shell(project, 'virtual_environment && "$PYTHON" -c "import pip; print(1)"')
    assert (made.returncode, made.stdout) == (0, "1\n"), made.stderr
    assert "broken" in made.stderr
    assert shell(project, "virtual_environment").stderr == ""
    moved = project.rename(project.parent / "moved")
    again = shell(moved, "system_python() { return 1; }; virtual_environment")
    assert again.returncode == 3
    assert "broken" in again.stderr
    assert "no Python of 3.11 or later" in again.stderr


def test_a_linked_environment_is_left_alone(project: Path) -> None:
    """Several checkouts may share one. A link to one that was moved is no better than that one."""
    shared = project.parent / "shared"
    subprocess.run([sys.executable, "-m", "venv", str(shared)], check=True)
    link = project / ".venv"
    link.symlink_to(shared)
    done = shell(project, "virtual_environment")
    assert (done.returncode, done.stderr) == (0, "")
    assert link.is_symlink()
    moved = shared.rename(project.parent / "elsewhere")
    link.unlink()
    link.symlink_to(moved)
    assert "broken" in shell(project, "virtual_environment").stderr
    assert (moved / "bin" / "activate").exists()


def test_packages_are_installed_again_only_when_the_requirements_change(project: Path) -> None:
    pip = 'shift 2; echo "pip $*" >&2'
    script = f"""
        mkdir -p "$VENV/bin"
        printf '#!/bin/bash\\ncase "$1" in -m) {pip} ;; --version) echo 3.11 ;; esac\\n' >"$PYTHON"
        chmod +x "$PYTHON"
        python_packages "$ROOT/requirements.txt"
    """
    assert "installing Python packages" in shell(project, script).stderr
    assert shell(project, script).stderr == ""
    for name in ("requirements.txt", "requirements.lock"):
        (project / name).write_text("Django==5.2\n")
        assert "installing Python packages" in shell(project, script).stderr
        assert shell(project, script).stderr == ""


def test_a_package_whose_hash_the_lock_does_not_name_is_refused(
    project: Path, tmp_path: Path
) -> None:
    """A wheel of the wanted name and version, made by somebody else, in the way of the index."""
    wheel = tmp_path / "sijill_stranger-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("sijill_stranger.py", "")
        archive.writestr("sijill_stranger-1.0.dist-info/METADATA", METADATA)
        archive.writestr("sijill_stranger-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("sijill_stranger-1.0.dist-info/RECORD", "")
    hashed = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = project / "requirements.lock"
    script = f"""
        export PIP_NO_INDEX=1 PIP_FIND_LINKS={tmp_path}
        virtual_environment
        mkdir -p "$VENV"/lib/python3*/site-packages/django
        python_packages "$ROOT/requirements.txt"
        "$PYTHON" -c 'import sijill_stranger'
    """
    lock.write_text(f"sijill-stranger==1.0 --hash=sha256:{'0' * 64}\n")
    refused = shell(project, script)
    assert refused.returncode == 3, refused.stderr
    assert "DO NOT MATCH THE HASHES" in (project / "log").read_text()
    lock.write_text("sijill-stranger==1.0\n")
    assert shell(project, script).returncode == 3
    lock.write_text(f"sijill-stranger==1.0 --hash=sha256:{hashed}\n")
    assert shell(project, script).returncode == 0


def test_a_failed_installation_is_told_plainly_and_tried_again_next_time(project: Path) -> None:
    script = """
        mkdir -p "$VENV/bin"
        printf '#!/bin/bash\\n[[ $1 != -m ]] || { echo no network; exit 1; }\\n' >"$PYTHON"
        chmod +x "$PYTHON"
        python_packages "$ROOT/requirements.txt"
    """
    for _ in range(2):
        failed = shell(project, script)
        assert failed.returncode == 3
        assert "no network" in failed.stderr
        assert f"{project}/log" in failed.stderr


METADATA = "Metadata-Version: 2.1\nName: sijill-stranger\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
SCRIPT_TOOLS = """
    optional_packages() { echo "packages $*" >&2; }
    npm() { echo "npm $*" >&2; mkdir -p node_modules; }
"""


@pytest.fixture
def linter(project: Path) -> Path:
    """The folder of the linter of scripts, with its two lists."""
    folder = project / "tools" / "javascript"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}")
    return folder


def test_the_linter_of_scripts_is_installed_again_only_when_its_lock_changes(
    project: Path, linter: Path
) -> None:
    assert "installing the linter" in shell(project, f"{SCRIPT_TOOLS}\nscript_tools").stderr
    assert shell(project, f"{SCRIPT_TOOLS}\nscript_tools").stderr == ""
    (linter / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert "installing the linter" in shell(project, f"{SCRIPT_TOOLS}\nscript_tools").stderr


@pytest.mark.parametrize(
    ("state", "told"),
    [("npm() { return 1; }", "is the network there?"), ("have_command() { return 1; }", "npm is")],
)
def test_tests_go_on_without_the_linter_of_scripts_and_try_again(
    project: Path, linter: Path, state: str, told: str
) -> None:
    for _ in range(2):
        done = shell(project, f"{SCRIPT_TOOLS}\n{state}\nscript_tools")
        assert done.returncode == 0
        assert told in done.stderr
    assert not (linter / "node_modules" / ".stamp").exists()


def test_an_office_is_set_up_without_the_linter_of_scripts(project: Path) -> None:
    work = "missing_for_office() { :; }; virtual_environment() { :; }; python_packages() { :; }"
    work += "; reader_models() { :; }; first_model() { :; }; translations() { :; }"
    work += "; script_tools() { echo linter; }"
    assert shell(project, f"{work}\nset_up office").stdout == ""
    assert shell(project, f"{work}\nset_up tests").stdout == "linter\n"


def test_translations_are_compiled_when_they_are_newer(project: Path) -> None:
    folder = project / "web" / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    assert shell(project, "translations").returncode == 0
    first = compiled.stat().st_mtime_ns
    assert shell(project, "translations").returncode == 0
    assert compiled.stat().st_mtime_ns == first
    os.utime(source, ns=(first + 10**9, first + 10**9))
    assert shell(project, "translations").returncode == 0
    assert compiled.stat().st_mtime_ns != first


def test_two_set_ups_at_once_take_turns(project: Path) -> None:
    work = "missing_for_office() { :; }; virtual_environment() { echo in; sleep 0.3; echo out; }"
    work += "; python_packages() { :; }; reader_models() { :; }; first_model() { :; }"
    work += "; translations() { :; }"
    script = f"{work}\n(set_up office) & (set_up office) & wait"
    assert shell(project, script).stdout.split() == ["in", "out", "in", "out"]


@pytest.mark.parametrize(
    ("words", "calls"),
    [("Reading models: ara not available", 1), ("in place", 2)],
)
def test_models_that_could_not_be_had_are_looked_for_once_a_day(
    project: Path, words: str, calls: int
) -> None:
    script = f"""
        mkdir -p "$VENV/bin"
        printf '#!/bin/bash\necho >>"$0.calls"; echo "{words}"\n' >"$PYTHON"
        chmod +x "$PYTHON"
        reader_models; reader_models
    """
    done = shell(project, script)
    assert done.returncode == 0, done.stderr
    assert len((project / ".venv/bin/python.calls").read_text().splitlines()) == calls
    told = done.stderr.count("not available")
    assert told == (1 if calls == 1 else 0)


def test_the_first_model_is_learnt_once_and_again_after_a_change(project: Path) -> None:
    script = """
        mkdir -p "$VENV/bin" "$VENV/understanding" "$ROOT/language"
        mkdir -p "$ROOT/understanding/starting_set"
        echo x >>"$ROOT/understanding/one.py"
        printf '#!/bin/bash\necho "$3" >>"$0.calls"\n[[ $3 != check ]] || exit 1\n' >"$PYTHON"
        chmod +x "$PYTHON"
        touch "$VENV/understanding/1.model"
        first_model; first_model
    """
    for times in (1, 2):
        assert shell(project, script).stderr.count("learning from the bundled letters") == 1
        calls = (project / ".venv/bin/python.calls").read_text().split()
        assert calls == ["check", "make"] * times


def test_an_office_starts_although_nothing_could_be_learnt(project: Path) -> None:
    script = """
        mkdir -p "$VENV/bin"
        printf '#!/bin/bash\necho no scikit-learn\nexit 1\n' >"$PYTHON"
        chmod +x "$PYTHON"
        first_model; echo started
    """
    done = shell(project, script)
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert "could not be learnt" in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_constraints_hold_every_requirement_at_its_version(name: str) -> None:
    constraints = pins("constraints.txt")
    required = pins(name)
    assert required
    assert {package: constraints.get(package) for package in required} == required


def test_the_locks_name_what_is_required_at_the_versions_of_the_constraints() -> None:
    constraints = pins("constraints.txt")
    office, further = pins("requirements.lock"), pins("requirements-dev.lock")
    assert pins("requirements.txt").items() <= office.items()
    assert pins("requirements-dev.txt").items() <= (office | further).items()
    assert constraints.items() <= (office | further).items()
    resolved = office | further
    assert {name: constraints.get(name, resolved[name]) for name in resolved} == resolved


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_each_package_of_a_lock_has_hashes(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=[\w-]+(?:\[[\w,-]+\])?==)", text)[1:]
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)


def pins(name: str) -> dict[str, str]:
    """Package names, as pip compares them, with their versions."""
    found = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}
