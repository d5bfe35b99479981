"""veraPDF, the validator of PDF/A, fetched by Maven and asked through ten lines of Java."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.services.process import ServiceMissingError

VERSION = "1.28.2"
ARTIFACT = f"org.verapdf:validation-model:{VERSION}"
NEEDED = ("org/verapdf", "com/sun/xml", "javax", "com/fasterxml", "org/mozilla", "net/java")
SHA256 = "74977cce0db922540f57f35da7c2e586e06a26094368fc99942afeb314f0e853"
# A process that lives for seconds: what is compiled once is compiled cheaply.
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
SOURCE = Path(__file__).parent / "Validate.java"


def problems_of(files: Sequence[Path], *, flavour: str = "PDFA_2_B") -> dict[Path, list[str]]:
    """Return the rules of a flavour that each file breaks, in veraPDF's words; no rule, no line.

    Raise ServiceMissingError where there is no Java, or no Maven to fetch veraPDF with.
    """
    if not (shutil.which("java") and shutil.which("javac")):
        raise ServiceMissingError("no java or javac (Debian's package: default-jdk-headless)")
    jars = _jars()
    path = ":".join(str(part) for part in (_compiled(jars), *jars))
    done = _run("java", "-Xmx512m", *QUICK, "-cp", path, SOURCE.stem, flavour, *map(str, files))
    found: dict[Path, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("file "):
            found[Path(line.removeprefix("file "))] = []
        elif line.startswith("  ") and found:
            found[list(found)[-1]].append(line.strip())
    if set(found) != set(files):
        raise AssertionError(f"veraPDF did not judge every file: {done.stderr[-2000:]}")
    return found


def _compiled(jars: Sequence[Path]) -> Path:
    """Return the folder with the compiled ten lines, beside the jars; compile them once."""
    made_of = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    kept = jars[0].parent.with_name(f"{VERSION}-{made_of}")
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            path = ":".join(str(jar) for jar in jars)
            done = _run("javac", "-cp", path, "-d", f"{scratch}/made", str(SOURCE))
            if done.returncode:
                raise ServiceMissingError(f"javac compiles nothing: {done.stderr.strip()[-400:]}")
            with contextlib.suppress(OSError):  # somebody else was quicker
                Path(scratch, "made").rename(kept)
    return kept


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def _jars() -> list[Path]:
    """Return veraPDF's jars: from the cache, else by Maven; check their hash each time."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    kept = base / "sijill" / "verapdf" / VERSION
    if _hash(kept) == SHA256:
        return sorted(kept.glob("*.jar"))
    if not shutil.which("mvn"):
        raise ServiceMissingError("no mvn to fetch veraPDF with (Debian's package: maven)")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        fetched = _fetch(Path(scratch))
        if _hash(fetched) != SHA256:
            raise ServiceMissingError(f"what Maven served as {ARTIFACT} has a foreign hash")
        shutil.rmtree(kept, ignore_errors=True)
        fetched.rename(kept)
    return sorted(kept.glob("*.jar"))


def _fetch(scratch: Path) -> Path:
    repository, flat = scratch / "repository", scratch / "jars"
    command = ["mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", "dependency:get"]
    done = subprocess.run(
        [*command, f"-Dartifact={ARTIFACT}"],
        cwd=scratch,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    flat.mkdir()
    for folder in NEEDED:
        for jar in (repository / folder).rglob("*.jar"):
            jar.rename(flat / jar.name)
    if done.returncode or not any(flat.iterdir()):
        raise ServiceMissingError(f"Maven could not fetch {ARTIFACT}: {done.stdout.strip()[-400:]}")
    return flat


def _hash(folder: Path) -> str:
    """Return the hash of the names and bytes of all jars in the folder."""
    sha = hashlib.sha256()
    for jar in sorted(folder.glob("*.jar")):
        sha.update(jar.name.encode() + b"\0" + hashlib.sha256(jar.read_bytes()).digest())
    return sha.hexdigest()
