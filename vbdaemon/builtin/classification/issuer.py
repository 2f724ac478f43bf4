"""The issuer's name: capitals above the number line, the parent body above it; NĐ 30/2020 App. I, box 2."""

import re
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.heading import Heading
from vbdaemon.builtin.classification.mending import by_law, by_unit, known, respaced
from vbdaemon.builtin.classification.number import NumberLine
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare, key
from vbdaemon.model import Found, Unit

_BODY = re.compile(
    r"(?:uy ban|ubnd|hoi dong|hdnd|thuong truc|so|phong|ban|van phong|trung tam|truong|chi cuc|cuc|tong cuc|bo|cong an|"
    r"toa an|vien|benh vien|cong ty|hoi|doan|thanh tra|kho bac|bao hiem|dang bo|dang uy|chi bo|huyen uy|tinh uy|"
    r"thanh uy|quan uy|mat tran|lien doan|dai|bao|hoc vien|dai hoc|ngan hang|tap doan|quy|chi nhanh|chinh phu|"
    r"thu tuong|chu tich nuoc|quoc hoi|uy ban thuong vu|lien hiep|tram|xi nghiep|hat|doi|to cong tac|nha may|"
    r"hop tac xa|trung uong|tw|kiem toan|tong cong ty|ubmttq)\b"
)
_JOINS = re.compile(r"\b(?:va|cua|thuoc|&|-|ve|va uy|huyen|tinh|thanh pho|quan|xa|phuong|thi xa|thi tran)$|[&,-]$")
_PARENT_ONLY = re.compile(r"^(?:tinh|huyen|thanh pho|thi xa|quan|xa|phuong|thi tran)\b")
_PARTY_BODY = re.compile(r"^(?:huyen|tinh|thanh|quan|dang) uy\b")
_BY_UNIT, _BY_LAW, _READ, _DOUBTED = 0.96, 0.89, 0.85, 0.6
_EDGES = re.compile(r"^[^\w]+|[^\w.)]+$")


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing body and the body above it, as printed; what OCR misread of the words of the law is mended."""

    name: str
    parent: str
    pieces: tuple[Piece, ...]

    @property
    def ocr(self) -> bool:
        """True when some of it was read from a picture."""
        return any(p.ocr for p in self.pieces)


def issuer_of(head: Heading, *, joint: bool = False) -> Issuer | None:
    """The last body named in the issuer's lines; a line that continues a name is joined to it.

    A joint document (văn bản liên tịch) names bodies of equal rank, none above the other: all of them issue it.
    """
    groups: list[list[Piece]] = []
    for piece in head.issuer:
        words = bare(_words(piece))
        if not words:
            continue
        if groups and not _begins(words, bare(groups[-1][-1].text), groups[-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if not groups:
        return None
    if joint:
        return Issuer(" - ".join(_text(group) for group in groups), "", tuple(p for g in groups for p in g))
    name, parent = _text(groups[-1]), _text([p for g in groups[:-1] for p in g])
    if any(p.ocr for p in groups[-1]):
        name, parent = by_law(name), by_law(parent)
    return Issuer(name, parent, tuple(groups[-1]))


def found_issuer(sheet: Sheet, issuer: Issuer | None, unit: Unit | None, line: NumberLine | None) -> Found[str] | None:
    """The issuer's name with its evidence; what OCR misread is mended, its words stay in the evidence.

    Surest is a name that the directory knows; letters of a place that only OCR read are never sure.
    """
    if issuer is None:
        return None
    found = sheet.found(issuer.name, issuer.pieces, "issuer-above-number")
    if line_lost(issuer, line):
        return replace(found, confidence=min(found.confidence, _DOUBTED))
    if not issuer.ocr:
        return found
    mended = by_unit(issuer.name, unit) if unit else None
    if mended:
        return replace(found, value=mended, confidence=max(_BY_UNIT, found.confidence))
    sure = _BY_LAW if known(issuer.name) else _READ
    return replace(found, confidence=min(sure, found.confidence))


def line_lost(issuer: Issuer | None, line: NumberLine | None) -> bool:
    """True when OCR probably lost the issuer's own line: a committee stands there, its initials not in the symbol."""
    if issuer is None or line is None or not issuer.ocr:
        return False
    if not key(issuer.name).startswith(("ủy ban nhân dân", "hội đồng nhân dân")):
        return False
    own = ("ubnd", "hdnd")
    return not any(Levenshtein.distance(bare(part), body) <= 1 for part in line.parts for body in own)


def _begins(words: str, before: str, group: list[Piece]) -> bool:
    """True when this line begins the name of another body instead of continuing the one above."""
    if _PARTY_BODY.match(words):
        return True
    if _JOINS.search(before) and not _PARENT_ONLY.match(before):
        return False
    if group[-1].bold != group[0].bold:
        return True
    return bool(_BODY.match(words)) and not (_PARENT_ONLY.match(words) and len(words.split()) < 2)  # noqa: PLR2004


def _text(pieces: list[Piece]) -> str:
    return " ".join(_words(p) for p in pieces).strip()


def _words(piece: Piece) -> str:
    """The line without dust at its ends and with the spaces that OCR lost."""
    words = _EDGES.sub("", piece.text)
    return respaced(words) if piece.ocr else words
