"""Where a Java of at least 21 lives: Elasticsearch 9 needs it, the default may be older."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

LEAST_VERSION = 21
FOLDERS = ("/usr/lib/jvm/*", "/opt/*", "/opt/java/*", "~/.sdkman/candidates/java/*", "~/.jdks/*")


def java_home() -> Path | None:
    """Return the home of the first Java that is new enough, or None."""
    return next((home for home in _candidates() if _version(home) >= LEAST_VERSION), None)


def _candidates() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for pattern in FOLDERS:
        place = Path(pattern).expanduser()
        if place.parent.is_dir():
            yield from sorted(place.parent.glob(place.name), reverse=True)


def _version(home: Path) -> int:
    """Return the major version of the Java at `home`; 0 where there is none."""
    java = home / "bin" / "java"
    if not os.access(java, os.X_OK):
        return 0
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found.group(1)) if found else 0
