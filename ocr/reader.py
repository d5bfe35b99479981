"""One picture of a page into text: made upright, in the right language, at the right height.

The quick reading: one short probe decides the language, one reading at the measured height gives
the text, and only lines that came out weak are read again, in the page's other languages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from ocr.attempt import Attempt
from ocr.careful.latin import in_reading_order
from ocr.careful.numbers import reading_places, with_arabic_initials, with_numbers
from ocr.careful.once import ReadOnce
from ocr.careful.reading import is_weak, reread
from ocr.careful.sample import reads_latin
from ocr.careful.secondlook import read_weak_lines
from ocr.careful.two_scripts import boxes_of_other_script, may_be_latin, of_both, widest
from ocr.careful.whole import WholeReadings
from ocr.engines.calibration import Calibrate, calibrated
from ocr.engines.contract import Engine, SecondReader, SeenLine
from ocr.errors import EngineTimeout
from ocr.limits import seconds_left
from ocr.picture import layout
from ocr.picture.legible import problem_of
from ocr.picture.probe import Guess, guess_language, latin_of
from ocr.picture.strip import Strip
from ocr.picture.upright import Upright, lay
from ocr.picture_reading import PictureReading, finish, look
from ocr.quality import in_both_scripts
from ocr.reading import LANGUAGES, Language, Speed

_SOUND = 0.62  # Arabic this confident is no other script
_SOUND_TO_SECOND = 0.75  # Arabic this confident is not shown to the second reader
_POOR = 0.55  # a page below this is tried the other way up, and in the other script
_THIN_INK = 0.8  # a page below this is tried with thicker strokes where time is taken for it
_ENOUGH_TO_TURN = 30  # text heights of the page that tell which way is up
_SURE_TURN = 1.0
# Shares of a page's time: quick reading where a second reader can go on, rereading another way.
_FIRST, _TRIES = 0.6, 0.25


class Reader:
    """A reader of pictures, `seconds` of wall time a page; raises EngineFailed, EngineTimeout."""

    def __init__(
        self,
        engine: Engine,
        languages: tuple[Language, ...] = LANGUAGES,
        seconds: float = 60.0,
        *,
        speed: Speed = "quick",
        second: SecondReader | None = None,
        witness: Engine | None = None,
    ) -> None:
        if not languages:
            raise ValueError("at least one language")
        self.engine = engine
        self.languages = languages
        self.seconds = seconds
        self.speed = speed
        self.second = second
        self.witness = witness  # the engine with other models, for weak Arabic lines
        self._once: ReadOnce | None = None  # the second reader, for the page that is read
        self._whole = WholeReadings(engine)  # of that page
        self.calibrate: Calibrate = calibrated
        self._usual: Language = ""  # the language of the page before: pages of a file agree

    def read(self, picture: Image.Image) -> PictureReading:
        """Read the text of a grey picture of a page."""
        started, sheet = time.monotonic(), lay(picture)
        self._once = ReadOnce(self.second) if self.second else None
        self._whole = WholeReadings(self.engine)
        if sheet.page.blank:
            return PictureReading("", 1.0, "", (), 0, "")
        attempt, sheet = self._read_first(sheet, started)
        attempt, sheet = self._read_carefully(attempt, sheet, started + self.seconds)
        attempt = self._with_numbers(attempt, sheet, started + self.seconds)
        if not attempt.lines and time.monotonic() - started > _FIRST * self.seconds:
            raise EngineTimeout("nothing was read in the page's time")
        problem = problem_of(attempt.lines, attempt.language)
        if problem == "empty":
            return PictureReading("", 0.0, "", (), sheet.turn, attempt.care, problem, look(sheet))
        self._usual = self._usual if problem else attempt.language
        return replace(finish(attempt, sheet, self.calibrate), problem=problem)

    def _read_first(self, sheet: Upright, started: float) -> tuple[Attempt, Upright]:
        """Read quickly; nothing where it takes too long and a second reader can go on."""
        can_go_on = self.second is not None
        deadline = started + (_FIRST if can_go_on else 1.0) * self.seconds
        try:
            return self._read_quickly(sheet, deadline, started + _TRIES * self.seconds)
        except EngineTimeout:
            if not can_go_on:
                raise
            latin = next((one for one in self.languages if one != "ar"), self.languages[0])
            return Attempt(self._usual or latin, []), sheet

    def _read_quickly(
        self, sheet: Upright, deadline: float, tries: float
    ) -> tuple[Attempt, Upright]:
        """Read the page upright in its language; until `tries` maybe once more in another way.

        The engine is called at most once for the orientation: for vertical lines or a poor reading.
        """
        asked = sheet.page.lying
        if asked:
            sheet = self._set_upright(sheet, deadline)
        guess = self._guess(sheet, deadline)
        if not guess.sure and not asked:
            asked, lain = True, sheet
            sheet = self._set_upright(sheet, deadline)
            guess = guess if sheet is lain else self._guess(sheet, deadline)
        attempt = self._read_in(guess.language, sheet, deadline)
        if self._is_latin_to_second(attempt, sheet, deadline):
            return self._in_latin(attempt, sheet, deadline), sheet
        attempt = self._reconsidered(attempt, sheet, guess, deadline, tries)
        try:
            if not asked and attempt.confidence < _POOR:
                turned = self._set_upright(sheet, tries)
                attempt, sheet = self._better(attempt, sheet, turned, tries)
            if attempt.confidence < _POOR and sheet.page.lying:  # the engine saw no way up
                for other in (sheet.turned(90), sheet.turned(270)):
                    attempt, sheet = self._better(attempt, sheet, other, tries)
        except EngineTimeout:
            pass  # what was read stands
        return attempt, sheet

    def _with_numbers(self, attempt: Attempt, sheet: Upright, deadline: float) -> Attempt:
        """Read the numbers of an Arabic page again, and codes in the other script in any."""
        if attempt.language == "ar":
            read, latin = self._reading_blocks(deadline), set(self.languages) != {"ar"}
            second = reading_places(self._once, sheet, deadline) if latin else None
            attempt = with_numbers(attempt, sheet, self.languages, read=read, second=second)
        if self.witness is None or "ar" not in self.languages:
            return attempt
        return with_arabic_initials(attempt, sheet, self.engine, self.witness, deadline)

    def _better(
        self, attempt: Attempt, sheet: Upright, other: Upright, deadline: float
    ) -> tuple[Attempt, Upright]:
        """Return the better reading of a page and of it prepared otherwise, if there is time."""
        if other is sheet:
            return attempt, sheet
        try:
            guess = self._guess(other, deadline)
            first = self._read_in(guess.language, other, deadline)
            second = self._reconsidered(first, other, guess, deadline, deadline)
        except EngineTimeout:
            return attempt, sheet
        return (second, other) if second.score > attempt.score else (attempt, sheet)

    def _set_upright(self, sheet: Upright, deadline: float) -> Upright:
        """Rotate the page as the engine suggests; keep it where there is nothing to rotate."""
        part = layout.heart(sheet.picture, sheet.page, _ENOUGH_TO_TURN)
        part = layout.resized(part, min(1.0, layout.scale_for(sheet.page, "fr")))
        found = self.engine.turn(part, seconds=seconds_left(deadline))
        sure = found and found.degrees and found.confidence > _SURE_TURN
        return sheet.turned(found.degrees) if found and sure else sheet

    def _guess(self, sheet: Upright, deadline: float) -> Guess:
        return guess_language(
            sheet.picture,
            sheet.page,
            languages=self.languages,
            usual=self._usual,
            read=self._reading_blocks(deadline),
        )

    def _reading_blocks(self, deadline: float) -> Callable[[Image.Image, Language], list[SeenLine]]:
        def read(strip: Image.Image, language: Language) -> list[SeenLine]:
            seconds = seconds_left(deadline)
            return self.engine.read(strip, language=language, seconds=seconds, shape="block")

        return read

    def _is_latin_to_second(self, attempt: Attempt, sheet: Upright, deadline: float) -> bool:
        """Return whether the second reader reads as Latin what the engine is unsure of."""
        sound = _SOUND_TO_SECOND if attempt.language == "ar" else _POOR
        if self._once is None or attempt.confidence >= sound or set(self.languages) == {"ar"}:
            return False
        return reads_latin(sheet.picture, self._once, seconds=seconds_left(deadline))

    def _in_latin(self, attempt: Attempt, sheet: Upright, deadline: float) -> Attempt:
        """Return the attempt, or one in Latin letters in place of an Arabic one."""
        if attempt.language != "ar":
            return attempt
        latin = [one for one in self.languages if one != "ar"]
        usual = self._usual if self._usual in latin else latin[0]
        return self._read_in(usual, sheet, deadline)

    def _reconsidered(
        self, attempt: Attempt, sheet: Upright, guess: Guess, deadline: float, tries: float
    ) -> Attempt:
        """Read the page until `tries` in another language too if the text suggests it."""
        try:
            if other := self._second_language(attempt, guess):
                second = self._read_in(other, sheet, tries)
                attempt = max(attempt, second, key=lambda one: one.score)
            return self._in_both_scripts(attempt, sheet, deadline)
        except EngineTimeout:
            return attempt  # what was read stands

    def _in_both_scripts(self, attempt: Attempt, sheet: Upright, deadline: float) -> Attempt:
        """Read weak segments that look like the other script in it: one short call, mostly none.

        Letterheads have Arabic right and French left. A page with much of the other is read whole.
        """
        arabic = attempt.language == "ar"
        scripts = {one == "ar": one for one in reversed(self.languages)}
        other = scripts.get(not arabic, "")
        if other and self._holds_other(attempt, other, sheet, deadline):
            more = self._read_in(other, sheet, deadline)
            lines = of_both(sheet.page, attempt.lines, more.lines, arabic=arabic)
            return replace(attempt, lines=lines)
        read = self._reading_blocks(deadline)
        lines = read_weak_lines(sheet.picture, sheet.page, attempt.lines, other, read)
        return replace(attempt, lines=lines)

    def _holds_other(
        self, attempt: Attempt, other: Language, sheet: Upright, deadline: float
    ) -> bool:
        """Return whether much of the page is in the other script.

        Worn typing appears connected, as Arabic is, and worn Arabic apart: a sample is read.
        """
        arabic = attempt.language == "ar"
        places = boxes_of_other_script(sheet.page, attempt.lines, arabic=arabic)
        if not places:
            return False
        if arabic:
            strip = Strip(sheet.picture, widest(places), layout.scale_for(sheet.page, other))
            seen = strip.sort(self._reading_blocks(deadline)(strip.picture, other))
            return any(line and may_be_latin(line) for line in seen)
        if self._once is None:
            return True
        seconds = seconds_left(deadline)
        return not reads_latin(sheet.picture, self._once, seconds=seconds, among=places)

    def _read_in(self, language: Language, sheet: Upright, deadline: float) -> Attempt:
        return self._whole.read(language, sheet, seconds=seconds_left(deadline))

    def _second_language(self, attempt: Attempt, guess: Guess) -> Language:
        """Return the language to read the page in as well; "" when there is no doubt."""
        latin = [one for one in self.languages if one != "ar"]
        if attempt.language != "ar" and latin:
            found = latin_of(attempt.text, latin, attempt.language)
            if found != attempt.language:
                return found
        if guess.sure or attempt.confidence >= (_SOUND if attempt.language == "ar" else _POOR):
            return ""
        if attempt.language == "ar":
            return latin[0] if latin else ""
        return "ar" if "ar" in self.languages else ""

    def _read_carefully(
        self, attempt: Attempt, sheet: Upright, deadline: float
    ) -> tuple[Attempt, Upright]:
        """Improve the attempt line by line where it is weak, or this reader is a careful one."""
        if self.speed == "quick" and not is_weak(sheet.page, attempt.lines):
            return in_reading_order(attempt), sheet
        if attempt.lines:
            attempt, sheet = self._with_thicker_ink(attempt, sheet, deadline)
        lines = reread(
            sheet.picture,
            sheet.page,
            attempt.lines,
            language=attempt.language,
            languages=self.languages,
            engine=self.engine,
            second=self._once,
            left=lambda: seconds_left(deadline),
            witness=self.witness,
            shaded=sheet.in_its_own_light,
        )
        return replace(attempt, lines=lines, care="careful"), sheet

    def _with_thicker_ink(
        self, attempt: Attempt, sheet: Upright, deadline: float
    ) -> tuple[Attempt, Upright]:
        """Read a poor page once more with thicker strokes; return the better of the two."""
        second_reads = self._once is not None and attempt.language in self._once.languages
        if second_reads or attempt.confidence >= _THIN_INK:
            return attempt, sheet
        thicker = sheet.thickened()
        if in_both_scripts(attempt.text):  # such pages are compared with both scripts read
            return self._better(attempt, sheet, thicker, deadline)
        try:
            again = self._read_in(attempt.language, thicker, deadline)
        except EngineTimeout:
            return attempt, sheet
        if again.score <= attempt.score:
            return attempt, sheet
        if self._once is not None:
            self._once.take_places(sheet.picture, to=thicker.picture)
        return again, thicker
