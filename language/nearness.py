"""Whether two words are one but for a few letters: exchanged, lost, added or swapped."""


def within(one: str, other: str, most: int) -> bool:
    """Whether at most so many edits make the one from the other (Damerau and Levenshtein, each
    pair of neighbours that changed places counted once)."""
    return edits(one, other, most) <= most


def edits(one: str, other: str, most: int) -> int:
    """How many edits make the one from the other; `most` and one where there are more."""
    if one == other:
        return 0
    if most <= 0 or abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    one, other = _unlike(one, other)
    return min(_distance(one, other, most), most + 1)


def _unlike(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    shortest = min(len(one), len(other))
    head = 0
    while head < shortest and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < shortest - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    return one[head : len(one) - tail], other[head : len(other) - tail]


def _distance(one: str, other: str, most: int) -> int:
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, above, row = above, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
