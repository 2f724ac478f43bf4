"""Cells that hang together in a mask, and letters without accents: small matters that several readers need."""

import unicodedata

from PIL import Image

Cells = list[tuple[int, int]]


def blobs(grid: Image.Image, least: int) -> list[Cells]:
    """Connected cells (corners count) whose value is at least `least`."""
    values, width = grid.tobytes(), grid.width
    left = {(i % width, i // width) for i, value in enumerate(values) if value >= least}
    found = []
    while left:
        region, open_cells = [], [left.pop()]
        while open_cells:
            x, y = open_cells.pop()
            region.append((x, y))
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & left
            left -= near
            open_cells.extend(near)
        found.append(region)
    return found


def unaccented(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))
