"""The extension under which a file goes out: that of what it is, whatever it came as."""

from typing import Final

from registry.files.drawings import DWG, DXF
from registry.files.kinds import DOCX, EML, IMAGES, MSG, ODT, PDF, TEXT, TNEF, XLSX

RTF: Final = "application/rtf"
# The first is given to a name that has none of them.
EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    PDF: ("pdf",),
    DOCX: ("docx", "docm"),
    XLSX: ("xlsx", "xlsm"),
    ODT: ("odt",),
    RTF: ("rtf", "doc"),
    EML: ("eml",),
    MSG: ("msg",),
    TNEF: ("dat", "tnef"),
    TEXT: ("txt", "text", "csv", "log", "md"),
    DWG: ("dwg",),
    DXF: ("dxf",),
    IMAGES["PNG"]: ("png",),
    IMAGES["JPEG"]: ("jpg", "jpeg", "jpe", "jfif", "mpo"),
    IMAGES["TIFF"]: ("tif", "tiff"),
    IMAGES["WEBP"]: ("webp",),
    IMAGES["HEIF"]: ("heic", "heif", "hif"),
}


def fitting_name(name: str, media_type: str) -> str:
    """Return the name, with the extension of its type behind it where it says another.

    A text that came as `page.html` goes out as `page.html.txt`: nothing opens it as a page.
    """
    known = EXTENSIONS.get(media_type.partition(";")[0].strip())
    if known is None or name.rpartition(".")[2].casefold() in known:
        return name
    return f"{name.rstrip('. ')}.{known[0]}"
