"""Letters found by meaning across languages: how many, at what cost, and how indexes grow.

The questions of `meaning_questions.tsv` are asked of the 953 letters of the starting set, as they
are and inside a letterhead with courtesy around them. Then random vectors, with the shape that
letters' vectors have, fill an index of `--vectors` rows: time, size, memory, time of a question.
With TEST_ELASTICSEARCH_URL (or `--elasticsearch URL`) the same on Elasticsearch.
"""

import argparse
import csv
import os
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benches._first_letters import first_letters
from language.vectors import sentence_vectors
from search.backends.meaning.elasticsearch import ElasticsearchMeaning
from search.backends.meaning.embedded import EmbeddedMeaning
from search.meaning.text import letter_vectors, question_vector
from search.meaning_contract import SIZE, Meaning, MeaningEngine

QUESTIONS: Final = Path(__file__).with_name("meaning_questions.tsv")
FLOORS: Final = (0.21, 0.24, 0.27, 0.30, 0.33)
SIMILAR_FLOORS: Final = (0.4, 0.45, 0.5, 0.55)
NONSENSE: Final = (
    "recette de tajine aux pruneaux", "match de football hier soir", "الطقس غدا في مراكش",
    "رواية تاريخية عن الأندلس", "guitar lessons for beginners", "la reproduction des baleines",
    "أحسن طريقة لتعلم اللغة الصينية", "mariage de ma cousine en été", "asdf qwer zxcv",
    "prix du pétrole brut à New York", "كيفية صيد السمك في البحر", "planète Mars et ses lunes",
    "Beethoven symphonie numéro neuf", "وصفة حلوى العيد باللوز", "la guerre de cent ans",
    "installer un jeu vidéo sur console",
)  # fmt: skip
HEAD: Final = {
    "fr": "ROYAUME DU MAROC\nMinistère de l'Intérieur\nProvince d'El Jadida\nÀ Monsieur le "
    "Directeur général de la Régie de distribution d'eau\nEl Jadida, le 12 mars 2026\n"
    "Réf. : 345/DG/2026\nMonsieur le Directeur,\nJ'ai l'honneur de m'adresser à votre haute "
    "bienveillance et de porter à votre connaissance ce qui suit, en vous remerciant par avance de "
    "l'attention que vous voudrez bien accorder à la présente.\n",
    "ar": "المملكة المغربية\nوزارة الداخلية\nعمالة إقليم الجديدة\nإلى السيد المدير العام للوكالة "
    "المستقلة لتوزيع الماء والكهرباء\nالجديدة في 12 مارس 2026\nالمرجع: 345/2026\nسلام تام بوجود "
    "مولانا الإمام المؤيد بالله،\nوبعد، يشرفني أن أتقدم إلى سيادتكم بهذه الرسالة راجيا منكم التفضل "
    "بالاطلاع على مضمونها.\n",
}  # fmt: skip
CLOSE: Final = {
    "fr": "\nDans l'attente d'une suite favorable, je reste à votre disposition et vous prie "
    "d'agréer, Monsieur le Directeur, l'expression de mes salutations distinguées.\nSignature : "
    "Karim Bennani\nPièces jointes : copie de la carte nationale.\nCopie : M. le Gouverneur.",
    "ar": "\nوفي انتظار جوابكم، تقبلوا السيد المدير فائق عبارات التقدير والاحترام، والسلام عليكم "
    "ورحمة الله وبركاته.\nالإمضاء: كريم البناني\nالمرفقات: نسخة من البطاقة الوطنية.\n"
    "نسخة إلى السيد العامل.",
}  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="sijill bench meaning", description=__doc__)
    parser.add_argument(
        "--vectors", type=int, default=100_000, help="rows of the large index; 0: none"
    )
    parser.add_argument("--elasticsearch", default=os.environ.get("TEST_ELASTICSEARCH_URL", ""))
    parser.add_argument("--no-recall", action="store_true", help="only the large index")
    given = parser.parse_args(arguments)
    if not given.no_recall:
        _cost()
        for long in (False, True):
            _recall(long=long)
    if given.vectors:
        with tempfile.TemporaryDirectory(prefix="sijill-meaning-") as folder:
            _growth("embedded", EmbeddedMeaning(Path(folder), version=1), given.vectors)
            size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            print(f"  on disk {size / 1e6:.0f} MB")
        if given.elasticsearch:
            url = f"{given.elasticsearch.rstrip('/')}/?index=bench-{uuid.uuid4().hex}&timeout=120"
            engine = ElasticsearchMeaning(url, version=1)
            try:
                _growth("elasticsearch", engine, given.vectors)
            finally:
                for index in engine._client.indices.get(index=f"{engine._indexes.alias}*"):
                    engine._client.indices.delete(index=index)


def _cost() -> None:
    before = _memory()
    started = time.perf_counter()
    sentence_vectors(["bonjour"])
    load = time.perf_counter() - started
    texts = [_wrapped(one.text, _script(one.text)) for one in first_letters()[:100]]
    letter = _seconds(lambda text: letter_vectors("", text), texts)
    question = _seconds(question_vector, [row[2] for row in _questions()])
    print(
        f"model: {load:.1f} s to load, {_memory() - before:.0f} MB; a letter of "
        f"{np.mean([len(text) for text in texts]):.0f} characters {letter * 1e3:.0f} ms; "
        f"a question {question * 1e3:.1f} ms (processor time)"
    )


def _seconds(work: Any, given: Sequence[str]) -> float:
    started = time.process_time()
    for one in given:
        work(one)
    return (time.process_time() - started) / len(given)


def _recall(*, long: bool) -> None:
    """Print which share of the letters that answer a question is among the first ten."""
    letters = first_letters()
    scripts = np.array([_script(one.text) for one in letters])
    texts = [
        _wrapped(one.text, script) if long else one.text
        for one, script in zip(letters, scripts, strict=True)
    ]
    rows, owners = [], []
    for number, text in enumerate(texts):
        made = letter_vectors("", text)
        assert made is not None
        found = _unit(made.vectors)
        rows.append(found)
        owners += [number] * len(found)
    vectors, owner = np.concatenate(rows), np.array(owners)
    ids = {one.ident: number for number, one in enumerate(letters)}
    departments = np.array([one.department for one in letters])
    kind = "with letterhead and courtesy" if long else "as they are"
    print(f"\n{len(letters)} letters {kind}: {len(vectors) / len(letters):.1f} vectors each")
    print(f"{'recall@10':<34}{'choosing':>10}{'report':>10}{'questions':>11}")
    right, nearest = [], []
    tables: dict[str, list[list[float]]] = {}
    for number, (language, wanted, words) in enumerate(_questions()):
        likeness = _per_letter(words, vectors, owner, len(letters))
        other = (scripts == "ar") != (language == "ar")
        order = np.argsort(-likeness)
        across = [n for n in order if other[n]][:10]
        for name, first in (("among the other script", across), ("among all", order[:10])):
            key = f"{language} → {'ar' if language != 'ar' else 'fr'}, {name}"
            table = tables.setdefault(key, [[], []])
            table[number % 2].append(float(np.mean([ids[one] in first for one in wanted.split()])))
        right += [likeness[ids[one]] for one in wanted.split() if ids[one] in order[:10]]
        nearest.append(likeness[order[9]])
    for key, (choosing, report) in sorted(tables.items()):
        asked = f"{len(choosing)} + {len(report)}"
        print(f"{key:<34}{np.mean(choosing):>10.2f}{np.mean(report):>10.2f}{asked:>11}")
    silly = [_per_letter(words, vectors, owner, len(letters)).max() for words in NONSENSE]
    print("floor: right letters of the first ten kept / full lists / nonsense answered at all")
    for floor in FLOORS:
        shares = [np.mean(np.array(one) >= floor) for one in (right, nearest, silly)]
        print(f"  {floor:.2f}  {shares[0]:.2f} / {shares[1]:.2f} / {shares[2]:.2f}")
    _similar(vectors, owner, departments)


def _similar(vectors: Any, owner: Any, departments: Any) -> None:
    """Print, of the five letters most similar to each, how many are shown and of its department.

    By chance one in fifteen would be of the same department.
    """
    starts = np.searchsorted(owner, np.arange(len(departments)))
    by_letter = np.maximum.reduceat(vectors @ vectors.T, starts, axis=1)
    likeness = np.maximum.reduceat(by_letter, starts, axis=0)
    np.fill_diagonal(likeness, -1.0)
    first = np.argsort(-likeness, axis=1)[:, :5]
    near = np.take_along_axis(likeness, first, axis=1)
    same = departments[first] == departments[:, None]
    print("similar, floor: letters that have some / of the same department")
    for floor in SIMILAR_FLOORS:
        shown = near >= floor
        print(f"  {floor:.2f}  {shown.any(axis=1).mean():.2f} / {same[shown].mean():.2f}")


def _per_letter(words: str, vectors: Any, owner: Any, count: int) -> Any:
    asked = question_vector(words)
    assert asked is not None
    likeness = np.full(count, -1.0)
    np.maximum.at(likeness, owner, vectors @ _unit(asked)[0])
    return likeness


def _unit(rows: bytes) -> Any:
    found = np.frombuffer(rows, dtype=np.int8).reshape(-1, SIZE).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def _questions() -> list[list[str]]:
    with QUESTIONS.open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]


def _script(text: str) -> str:
    arabic = sum("\u0600" <= char <= "\u06ff" for char in text)
    return "ar" if arabic * 2 > sum(char.isalpha() for char in text) else "fr"


def _wrapped(text: str, script: str) -> str:
    return f"{HEAD[script]}{text}{CLOSE[script]}"


def _growth(name: str, engine: MeaningEngine, count: int) -> None:
    """Build an index of `count` vectors, three a letter; ask as who reads all, and as others."""
    before = _memory()
    started = time.perf_counter()
    with engine.rebuild() as build:
        build.put(_made_up(count // 3))
    engine.settle()
    built = time.perf_counter() - started
    print(f"\n{name}: {count} vectors built in {built:.0f} s, {_memory() - before:.0f} MB more")
    drawn = np.random.default_rng(9)
    centres = _centres()
    for who in ("all", "dept:A", "dept:B"):
        times = []
        for _ in range(200):
            row = centres[drawn.integers(len(centres))] + drawn.normal(size=SIZE)
            asked = _scaled(row[None])[0].tobytes()
            started = time.perf_counter()
            engine.nearest((asked,), reader_tokens=(who,), limit=10, floor=0.27)
            times.append((time.perf_counter() - started) * 1e3)
        p50, p95 = np.percentile(times, [50, 95])
        print(f"  asked as {who:<8} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    letter = next(_made_up(1))
    started = time.perf_counter()
    engine.put([letter])
    print(f"  one letter put in {(time.perf_counter() - started) * 1e3:.0f} ms")
    print(f"  memory of this process {_memory() - before:.0f} MB more, at most {_most():.0f} MB")


def _centres() -> Any:
    return np.random.default_rng(4).normal(size=(2000, SIZE))


def _made_up(letters: int) -> Iterator[Meaning]:
    """Yield letters of which department A reads a tenth, B one in a thousand, "all" every one."""
    drawn = np.random.default_rng(5)
    centres = _centres()
    for serial in range(letters):
        rows = centres[drawn.integers(len(centres), size=3)] + drawn.normal(size=(3, SIZE))
        tokens = ["all"]
        tokens += ["dept:A"] if serial % 10 == 0 else []
        tokens += ["dept:B"] if serial % 1000 == 0 else []
        vectors = tuple(row.tobytes() for row in _scaled(rows))
        yield Meaning(
            id=str(uuid.UUID(int=serial)), version=1, vectors=vectors, reader_tokens=tuple(tokens)
        )


def _scaled(rows: Any) -> Any:
    return (rows / np.abs(rows).max(axis=1, keepdims=True) * 127).astype(np.int8)


def _memory() -> float:
    """Return the memory of this process in MB, without files mapped from disk."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
