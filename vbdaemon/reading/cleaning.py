"""What stands in an engine's way on a heading: ink of pens and receivers' stamps, and rules under words."""

from PIL import Image, ImageChops, ImageDraw

_BLUE = 24
"""Blue exceeds the other colours by this much in ink of pens and of most receivers' stamps."""
_RED = 45
"""Red exceeds the other colours by this much in ink of stamps."""
_CELL = 24
"""Pixels, at 200 dots an inch …"""
_RUN = 4
"""… of which a rule fills so many, one after the other; words do not."""
_RULE = 110
_PAPER = 10
"""Above and below a rule it is as bright as paper, to this difference; below the bar of a T stand stems."""
_THICK = 4
"""Pixels above and below a rule at which paper begins."""


def without_blue(picture: Image.Image) -> Image.Image:
    """The coloured picture in grey, without blue ink: figures by hand are noise to an engine that reads print."""
    red, green, blue = picture.split()
    excess = ImageChops.subtract(blue, ImageChops.lighter(red, green))
    grey = picture.convert("L")
    if any(excess.histogram()[_BLUE:]):
        grey.paste(255, mask=excess.point([0 if v < _BLUE else 255 for v in range(256)]))
    return grey


def print_alone(picture: Image.Image) -> Image.Image:
    """The coloured picture in grey without coloured ink: what was printed, neither written nor stamped."""
    red, green, blue = picture.split()
    grey = without_blue(picture)
    excess = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    if any(excess.histogram()[_RED:]):
        grey.paste(255, mask=excess.point([0 if v < _RED else 255 for v in range(256)]))
    return grey


def without_rules(grey: Image.Image, lowest: int) -> Image.Image:
    """The picture without thin level lines above row `lowest`: an underline close to a word makes engines lose it."""
    across = grey.width // _CELL
    if not across:
        return grey
    cells = grey.resize((across, grey.height), Image.Resampling.BOX).tobytes()
    paper = sorted(cells)[len(cells) * 4 // 5] - _PAPER
    result = grey.copy()
    brush = ImageDraw.Draw(result)
    for index in range(_THICK * across, min(lowest, grey.height - _THICK) * across):
        if cells[index] >= _RULE or not _goes_on(cells, index, across):
            continue
        above, below = cells[index - _THICK * across], cells[index + _THICK * across]
        if min(above, below) > paper:
            x, y = index % across * grey.width / across, index // across
            brush.rectangle((x - _CELL / 3, y - 2, x + _CELL * 4 / 3, y + 2), fill=max(above, below))
    return result


def _goes_on(cells: bytes, index: int, across: int) -> bool:
    """True for a run of dark cells, rising or falling on a skewed page: serifs and bars of letters end sooner."""
    return 1 + _run(cells, index, across, -1) + _run(cells, index, across, 1) >= _RUN


def _run(cells: bytes, index: int, across: int, step: int) -> int:
    """Dark cells that follow to one side."""
    for length in range(_RUN):
        column = index % across + step
        if not 0 <= column < across:
            return length
        near = [i for row in (0, -1, 1) if 0 <= (i := index + step + row * across) < len(cells) and cells[i] < _RULE]
        if not near:
            return length
        index = near[0]
    return _RUN
