"""What stands in an engine's way on a heading: ink of pens and receivers' stamps, and rules under words."""

from PIL import Image, ImageChops, ImageDraw

_BLUE = 24
"""Blue exceeds the other colours by this much in ink of pens and of most receivers' stamps."""
_CELL = 36
"""Pixels: no letter is so wide without a gap, at 200 dots an inch."""
_RULE = 150
_PAPER = 205
_THICK = 4
"""Pixels above and below a rule at which paper begins."""


def without_blue(picture: Image.Image) -> Image.Image:
    """The coloured picture in grey, without blue ink: figures by hand are noise to an engine that reads print."""
    red, green, blue = picture.split()
    excess = ImageChops.subtract(blue, ImageChops.lighter(red, green))
    grey = picture.convert("L")
    if excess.getextrema()[1] > _BLUE:
        grey.paste(255, mask=excess.point([0 if v < _BLUE else 255 for v in range(256)]))
    return grey


def without_rules(grey: Image.Image) -> Image.Image:
    """The picture without thin level lines: an underline close below a word makes engines lose the word."""
    across = grey.width // _CELL
    if not across:
        return grey
    cells = grey.resize((across, grey.height), Image.Resampling.BOX).tobytes()
    result = grey.copy()
    brush = ImageDraw.Draw(result)
    for index in range(_THICK * across, len(cells) - _THICK * across):
        if cells[index] >= _RULE:
            continue
        above, below = cells[index - _THICK * across], cells[index + _THICK * across]
        if min(above, below) > _PAPER:
            x, y = index % across * grey.width / across, index // across
            brush.rectangle((x - _CELL / 3, y - 2, x + _CELL * 4 / 3, y + 2), fill=max(above, below))
    return result
