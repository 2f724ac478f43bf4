"""What a visible signature looks like: a picture, a drawn page, lines of text."""

import io
from collections.abc import Sequence

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

LARGEST_SIZE = 13.0
"""Points; the size of numbers and dates in NĐ 30/2020 App. I."""
LINE_FACTOR = 1.2
NARROW_LETTER = 0.5
"""Mean width of a letter of Times, in ems."""


def drawable(text: str) -> bool:
    """True when the standard font that every reader brings has all letters of `text`.

    Numbers and dates are; most Vietnamese is not: such text comes as a drawn page with its own font.
    """
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


class SignatureAppearance(PdfContent):
    """Layers in the box of a signature field: a picture, above it a drawn page, above it text."""

    def __init__(
        self, width: float, height: float, text: str = "", image: bytes | None = None, drawing: bytes | None = None
    ) -> None:
        super().__init__()
        self.width = width
        self.height = height
        self.text = text
        self.image = image
        self.drawing = drawing

    def render(self) -> bytes:
        """The content stream; resources are registered on the way."""
        layers = []
        if self.image:
            layers.append(self._picture(self.image))
        if self.drawing:
            layers.append(self._page(self.drawing))
        if self.text:
            layers.append(self._lines(self.text.splitlines()))
        return b"\n".join(layers)

    def style(self) -> StaticStampStyle:
        """The appearance as pyHanko takes it: no border, no margin, opaque."""
        rule = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MIN, margins=Margins())
        return StaticStampStyle(background=self, background_layout=rule, border_width=0, background_opacity=1.0)

    def _picture(self, image: bytes) -> bytes:
        picture = PdfImage(Image.open(io.BytesIO(image)), writer=self.writer)
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Picture"), picture.image_ref)
        width, height = picture.image.size
        return self._fitted(width, height, width, height, b"/Picture")

    def _page(self, drawing: bytes) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(drawing), strict=False))
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Drawing"), page)
        x0, y0, x1, y1 = (float(edge) for edge in page.get_object()["/BBox"])
        return self._fitted(x1 - x0, y1 - y0, 1.0, 1.0, b"/Drawing")

    def _fitted(self, width: float, height: float, unit_x: float, unit_y: float, name: bytes) -> bytes:
        """Paint an object, scaled to fit and centred; a picture is 1x1, a page has its own size."""
        scale = min(self.width / width, self.height / height)
        x, y = (self.width - width * scale) / 2, (self.height - height * scale) / 2
        return b"q %.4f 0 0 %.4f %.3f %.3f cm %s Do Q" % (scale * unit_x, scale * unit_y, x, y, name)

    def _lines(self, lines: Sequence[str]) -> bytes:
        font = generic.DictionaryObject(  # type: ignore[no-untyped-call]  # pyHanko is typed in part only
            {
                pdf_name("/Type"): pdf_name("/Font"),
                pdf_name("/Subtype"): pdf_name("/Type1"),
                pdf_name("/BaseFont"): pdf_name("/Times-Roman"),
                pdf_name("/Encoding"): pdf_name("/WinAnsiEncoding"),
            }
        )
        self.set_resource(ResourceType.FONT, pdf_name("/Times"), font)
        longest = max(len(line) for line in lines)
        size = min(LARGEST_SIZE, self.height / (LINE_FACTOR * len(lines)), self.width / (NARROW_LETTER * longest))
        leading = size * LINE_FACTOR
        first = (self.height + leading * len(lines)) / 2 - size
        shown = b" T* ".join(_literal(line) + b" Tj" for line in lines)
        return b"BT /Times %.2f Tf %.2f TL 1 %.2f Td %s ET" % (size, leading, first, shown)


def _literal(text: str) -> bytes:
    """A PDF string literal in WinAnsi."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"(" + escaped.encode("cp1252") + b")"
