"""A drawn line below words in a Word file, as people put it below Tiêu ngữ, the issuer's name and the subject."""

from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph

_POINT_EMU = 12_700
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
CAPITALS, MIXED = 0.72, 0.49
"""Mean widths of letters of bold Times New Roman, in its size."""


def draw_line(paragraph: Paragraph, share: float, size: float, number: int) -> None:
    """Anchor a line in the paragraph's first run, centred below its words, `share` as long as they are.

    `size` is that of the letters in points; `number` tells the drawings of a file apart.
    """
    words = paragraph.text
    length = round(share * size * (CAPITALS if words.isupper() else MIXED) * len(words)) * _POINT_EMU
    below = round(size * 1.25) * _POINT_EMU
    paragraph.runs[0]._r.append(  # noqa: SLF001 - python-docx has no shapes
        parse_xml(
            f'<w:drawing {_SPACES}><wp:anchor simplePos="0" relativeHeight="{number}" behindDoc="0" locked="0" '
            'layoutInCell="1" allowOverlap="1" distT="0" distB="0" distL="0" distR="0"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="column"><wp:align>center</wp:align></wp:positionH>'
            f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{below}</wp:posOffset></wp:positionV>'
            f'<wp:extent cx="{length}" cy="0"/><wp:wrapNone/><wp:docPr id="{number}" name="Line {number}"/>'
            "<wp:cNvGraphicFramePr/><a:graphic>"
            '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
            f'<wps:cNvCnPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{length}" cy="0"/></a:xfrm>'
            '<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/>'
            "</a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        )
    )
