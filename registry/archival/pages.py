"""Pages of a received PDF, as far as a PDF/A can take them over with their own text. No Django."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Object, Page, Stream

_TAKEN = ("/Contents", "/CropBox", "/Group", "/MediaBox", "/Resources", "/Rotate", "/Type")
_FORBIDDEN = ("/TR", "/TR2", "/HT", "/OPI", "/Alternates", "/Ref")
_SHOWS_NOTHING = {"/Link", "/Popup"}
_NAMING = {"BDC", "CS", "cs"}
_BORROWING = {"Do", "Tf", "gs", "CS", "cs", "SCN", "scn", "sh", "BDC"}
_MOST_OBJECTS = 3000


def take_over(page: Page) -> bool:
    """Return whether the page may stand in a PDF/A as it is, judged without a validator.

    If so, all that no reader needs has been removed from it.
    """
    for note in page.obj.get("/Annots", []):
        if str(note.get("/Subtype")) not in _SHOWS_NOTHING:
            return False
    if not _is_plain(page) or not _fits(page.resources, set()):
        return False
    for key in list(page.obj.keys()):
        if key not in _TAKEN and key != "/Parent":
            del page.obj[key]
    return True


def _is_plain(drawn: Page | Stream) -> bool:
    """Return whether what a page, or a form on it, draws has no CMYK colours or optional layers.

    Nor may the form use the page's resources instead of its own.
    """
    borrows = isinstance(drawn, Stream) and "/Resources" not in drawn
    try:
        for step in pikepdf.parse_content_stream(drawn):
            operator = str(step.operator)
            if operator in {"k", "K"} or (borrows and operator in _BORROWING):
                return False
            if operator == "INLINE IMAGE" and not _is_plain_image(step):
                return False
            if operator in _NAMING and str(step.operands[0]) in {"/OC", "/DeviceCMYK"}:
                return False
    except (pikepdf.PdfError, IndexError):
        return False
    return True


def _is_plain_image(step: Any) -> bool:
    """Return whether an inline image in the content stream may stay there."""
    image = step.iimage
    if image.obj.get("/I", image.obj.get("/Interpolate", False)):
        return False
    if any(str(name) in {"/LZW", "/LZWDecode"} for name in image.filters):
        return False
    return bool(image.image_mask) or image.colorspace in {"/DeviceGray", "/DeviceRGB"}


def _fits(thing: Any, seen: set[tuple[int, int]]) -> bool:
    """Return whether everything under a page's resources may stand in a PDF/A-2b."""
    if isinstance(thing, Object) and thing.is_indirect:
        if thing.objgen in seen:
            return True
        seen.add(thing.objgen)
        if len(seen) > _MOST_OBJECTS:
            return False
    if isinstance(thing, pikepdf.Array):
        return all(_fits(part, seen) for part in thing)
    if isinstance(thing, (Dictionary, Stream)):
        if not _may_stay(thing):
            return False
        return all(_fits(thing[key], seen) for key in list(thing.keys()) if key != "/Parent")
    return not (isinstance(thing, Name) and thing == Name.DeviceCMYK)


def _may_stay(thing: Any) -> bool:
    """Return whether a dictionary by itself is allowed, once its optional keys are removed."""
    kind = thing.get("/Type")
    for optional in ("/Interpolate", "/CIDSet", "/CharSet"):  # the sets must be complete if there
        if optional in thing:
            del thing[optional]
    if kind == Name.Font and not _is_whole_font(thing):
        return False
    if _is_one_of(thing.get("/Subtype"), "/Form") and not _is_plain(thing):
        return False
    if _is_one_of(kind, "/OCG", "/OCMD") or any(key in thing for key in _FORBIDDEN):
        return False
    return thing.get("/Subtype") != Name.PS and "/JPXDecode" not in str(thing.get("/Filter", ""))


def _is_whole_font(font: Any) -> bool:
    """Return whether a font embeds its program, and has an encoding that PDF/A takes."""
    kind = font.get("/Subtype")
    if kind == Name.Type3:
        return True
    if kind == Name.Type0:
        inner = font.get("/DescendantFonts", [None])[0]
        if inner is None or not _is_one_of(font.get("/Encoding"), "/Identity-H", "/Identity-V"):
            return False
        mapped = inner.get("/Subtype") != Name.CIDFontType2 or "/CIDToGIDMap" in inner
        return mapped and _has_program(inner)
    if kind == Name.TrueType:
        symbolic = bool(int(font.get("/FontDescriptor", {}).get("/Flags", 0)) & 4)
        named = _is_one_of(font.get("/Encoding"), "/WinAnsiEncoding", "/MacRomanEncoding")
        return _has_program(font) and named != symbolic
    return _is_one_of(kind, "/CIDFontType0", "/CIDFontType2") or _has_program(font)


def _is_one_of(thing: Any, *names: str) -> bool:
    """Return whether it is one of these names; a dictionary of its own is none of them."""
    return isinstance(thing, Name) and str(thing) in names


def _has_program(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
