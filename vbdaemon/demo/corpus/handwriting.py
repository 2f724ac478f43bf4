"""Figures as a pen writes them: strokes in a square of ten points, never twice the same."""

from random import Random

_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((4, 1), (2, 2), (1, 5), (2, 8), (4, 9), (6, 8), (7, 5), (6, 2), (4, 1)),),
    "1": (((2, 3), (4, 1), (4, 9)),),
    "2": (((1, 3), (2, 1), (5, 1), (6, 3), (4, 6), (1, 9), (7, 8.6)),),
    "3": (((1, 1.5), (4, 1), (6, 2.5), (3, 4.6), (6, 6), (5, 8.6), (1, 8.4)),),
    "4": (((4, 1), (1, 6), (7, 6)), ((5, 3), (4.6, 9.4))),
    "5": (((6, 1), (2, 1), (1.6, 4.4), (5, 4.2), (6.4, 6.4), (4, 9), (1, 8.4)),),
    "6": (((5, 1), (2, 4), (1, 7), (3, 9), (6, 8), (5.4, 5.6), (1.4, 6.6)),),
    "7": (((1, 1.2), (6.6, 1), (3, 9)), ((2.4, 5), (6, 4.8))),
    "8": (((5.4, 2), (3, 1), (1.6, 2.8), (5.6, 6.2), (4.6, 9), (1.8, 8.2), (2.4, 5.6), (5.4, 2)),),
    "9": (((6, 3), (4, 1), (1.6, 2.6), (2.4, 4.8), (6, 3.6), (5, 9)),),
}


def figures(words: str | None, random: Random) -> list[list[list[list[float]]]]:
    """Strokes for each figure of `words`, others left out; [] for None."""
    return [_figure(letter, random) for letter in words or "" if letter in _STROKES]


def _figure(letter: str, random: Random) -> list[list[list[float]]]:
    lean, scale = random.uniform(-0.12, 0.22), random.uniform(0.82, 1.05)
    return [
        [
            [
                round((x + lean * (9 - y)) * scale + random.uniform(-0.5, 0.5), 2),
                round(y * scale + random.uniform(-0.5, 0.5), 2),
            ]
            for x, y in stroke
        ]
        for stroke in _STROKES[letter]
    ]
