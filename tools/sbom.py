"""The bill of materials of an office: `python -m tools.sbom [FILE]` writes it as CycloneDX 1.6.

Python packages that the requirements bring (at their installed versions, with licences and the
hashes of the models), Debian's packages that the image installs, and the images of the composition.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import yaml
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ocr.engines.tessdata import BEST_INT, PACKAGE

ROOT = Path(__file__).resolve().parent.parent
_INSTALLED = re.compile(r"--no-install-recommends \\\n(.*?)\n\s*&&", re.S)


def main(arguments: list[str]) -> int:
    """Write the bill to a file or to stdout; return 2 for a path that cannot be written."""
    words = JsonV1Dot6(bill()).output_as_string(indent=1)
    if not arguments:
        print(words)
        return 0
    try:
        Path(arguments[0]).write_text(words, encoding="utf-8")
    except OSError as error:
        print(f"{arguments[0]} cannot be written: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def bill() -> Bom:
    """Return the bill of this checkout and its virtual environment."""
    bom = Bom()
    office = Component(
        name="sijill", version=_version(), type=ComponentType.APPLICATION, bom_ref="sijill"
    )
    bom.metadata.component = office
    parts = [*_python_packages(), *_models(), *_debian_packages(), *_images()]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(office, parts)
    return bom


def _version() -> str:
    if given := os.environ.get("VERSION", ""):
        return given
    told = subprocess.run(
        ["git", "describe", "--always", "--tags"], cwd=ROOT, capture_output=True, text=True
    )
    return told.stdout.strip() or "unknown"


def _python_packages() -> Iterator[Component]:
    for found in runtime():
        told = found.metadata.json
        given = str(told.get("license_expression") or told.get("license") or "")
        licence = given.strip().partition("\n")[0][:100]
        yield Component(
            name=found.name,
            version=found.version,
            purl=PackageURL("pypi", None, canonicalize_name(found.name), found.version),
            licenses=[LicenseFactory().make_from_string(licence)] if licence else None,
        )


def runtime() -> list[Distribution]:
    """Return what requirements.txt brings, directly or not, as it is installed."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    named = [line.partition("#")[0].strip() for line in lines]
    waiting = [Requirement(line) for line in named if line]
    found: dict[str, Distribution] = {}
    seen: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # of another platform or Python
        found[canonicalize_name(wanted.name)] = package
        for line in package.requires or ():
            other = Requirement(line)
            extras = wanted.extras or {""}
            if other.marker is None or any(other.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(other)
    return [found[name] for name in sorted(found)]


def _models() -> Iterator[Component]:
    for language, digest in sorted(BEST_INT.items()):
        package, _, version = PACKAGE.format(language).rpartition("@")
        scope, _, name = package.partition("/")
        yield Component(
            name=f"{package} ({language}.traineddata)",
            version=version,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            purl=PackageURL("npm", scope, name, version),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )


def _debian_packages() -> Iterator[Component]:
    """Yield what the image's last stages install; their versions are those of its release."""
    text = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
    for words in _INSTALLED.findall(text[text.rindex("AS build") :]):
        for name in words.replace("\\", " ").split():
            yield Component(name=name, purl=PackageURL("deb", "debian", name))


def _images() -> Iterator[Component]:
    composition = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text("utf-8"))
    services = composition["services"].values()
    for image in sorted({one["image"] for one in services if "build" not in one}):
        name, _, tag = image.rpartition(":")
        yield Component(
            name=name, version=tag, type=ComponentType.CONTAINER, purl=_image_url(name, tag)
        )


def _image_url(name: str, tag: str) -> PackageURL:
    namespace, _, short = name.rpartition("/")
    return PackageURL("docker", namespace or None, short, tag)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
