"""`python -m tools.fonts FOLDER`: the pages' fonts, cut from the files of npm's @fontsource.

FOLDER holds `ibm-plex-sans-arabic-SUBSET-WEIGHT-normal.woff2`. What is cut is a modified version,
and "Plex" a reserved name of the licence (OFL 1.1): the fonts are called "Sijill Sans".
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT: Final = Path(__file__).resolve().parent.parent / "web" / "static" / "web" / "vendor" / "sans"
NAME: Final = "Sijill Sans"
WEIGHTS: Final = (400, 500, 600)
# Of Arabic first what Arabic itself is written with; other languages of the script are apart.
ARABIC: Final = (
    *range(0x60C, 0x60D), 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x656),
    *range(0x660, 0x66E), 0x670, 0x200C, 0x200D,
)  # fmt: skip
CUTS: Final = {
    "arabic": "arabic",
    "arabic-ext": "arabic",
    "latin": "latin",
    "latin-ext": "latin-ext",
}
_FAMILY_NAMES: Final = {1, 4, 16, 21, 25}


def cut(source: Path, target: Path, *, wanted: Iterable[int] | None, weight: int) -> None:
    """Write the wanted characters of a font without hints; all that it has where None is wanted."""
    font = TTFont(source)
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted if wanted is not None else font.getBestCmap())
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = NAME
        elif record.nameID in {3, 6}:
            record.string = f"{NAME.replace(' ', '')}-{weight}"
    font.flavor = "woff2"
    font.save(target)


def main(folder: Path) -> None:
    """Cut all fonts and print the size of each."""
    ROOT.mkdir(exist_ok=True)
    for weight in WEIGHTS:
        for name, source in CUTS.items():
            given = folder / f"ibm-plex-sans-arabic-{source}-{weight}-normal.woff2"
            wanted: Iterable[int] | None = None
            if name == "arabic":
                wanted = ARABIC
            elif name == "arabic-ext":
                wanted = [code for code in TTFont(given).getBestCmap() if code not in ARABIC]
            target = ROOT / f"{name}-{weight}.woff2"
            cut(given, target, wanted=wanted, weight=weight)
            print(f"{target.stat().st_size:7,d} {target.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
