"""Names of bodies as OCR misread them: accents put back by the directory, or by how bodies of the state are named."""

import re
from functools import cache
from itertools import accumulate, pairwise

from rapidfuzz import fuzz

from vbdaemon.builtin.classification.spelling import bare, key, spelled_out
from vbdaemon.model import Unit

_ALIKE = 82.0
_PLACES = {
    *(("huyện",), ("tỉnh",), ("thành", "phố"), ("xã",), ("phường",), ("thị", "trấn"), ("thị", "xã"), ("quận",)),
}
"""A place's name follows them, or nothing but words of the law stand before them, as in THANH TRA TỈNH.

As the last word of a name of its own they are another word, as in HOA PHƯỢNG and HÀ TĨNH.
"""
_MANY = 3
"""Words of a phrase that is found without its spaces; fewer letters could be part of a place's name."""
_LONGEST_SYLLABLE = 7
"""Letters, as in "nghiêng"."""
_WORD = re.compile(r"[^\W_]+")
# Beginnings of names, and parts that stand anywhere: fixed words of the law, never places.
_OPENINGS = (
    *("ủy ban nhân dân", "hội đồng nhân dân", "thường trực", "văn phòng", "phòng", "sở", "ban", "bộ", "cục", "vụ"),
    *("chi cục", "tổng cục", "trung tâm", "trường", "viện", "bệnh viện", "thanh tra", "công an", "tòa án nhân dân"),
    *("viện kiểm sát nhân dân", "kho bạc nhà nước", "bảo hiểm xã hội", "ủy ban mặt trận tổ quốc", "hội", "đảng bộ"),
    *("huyện ủy", "tỉnh ủy", "thành ủy", "quận ủy", "đảng ủy", "chi bộ", "ban chấp hành", "công ty", "trạm", "đội"),
)
_ANYWHERE = (
    *("ủy ban nhân dân", "hội đồng nhân dân", "nội vụ", "tài chính", "kế hoạch", "đầu tư", "tư pháp", "công thương"),
    *("nông nghiệp", "phát triển nông thôn", "giao thông vận tải", "xây dựng", "tài nguyên", "môi trường", "thông tin"),
    *("truyền thông", "lao động", "thương binh", "xã hội", "văn hóa", "thể thao", "du lịch", "khoa học", "công nghệ"),
    *("giáo dục", "đào tạo", "y tế", "ngoại vụ", "dân tộc", "kinh tế", "hạ tầng", "đô thị", "quản lý", "quản lý dự án"),
    *("khu kinh tế", "khu công nghiệp", "thuế", "thống kê", "thi hành án dân sự", "kiểm lâm", "thủy lợi", "chăn nuôi"),
    *("thú y", "trồng trọt", "bảo vệ thực vật", "đường bộ", "đường sắt", "hàng hải", "hàng không", "nước", "đất đai"),
    *(
        "việt nam",
        "nhà nước",
        "trung ương",
        "tiểu học",
        "trung học cơ sở",
        "trung học phổ thông",
        "mầm non",
        "cao đẳng",
    ),
    *("dự phòng", "kiểm soát bệnh tật", "phòng, chống", "tiếp công dân", "một cửa", "và", "huyện", "tỉnh", "thành phố"),
    *("xã", "phường", "thị trấn", "thị xã", "quận"),
)


def by_unit(printed: str, unit: Unit) -> str | None:
    """The printed name in the words that the directory has for it; None when no part of them is like it.

    A name can be printed without the place that the directory adds: "PHÒNG NỘI VỤ" of "… huyện Sông Lam".
    """
    plain = bare(key(printed))
    best, alike = None, _ALIKE
    spellings = (spell(name) for name in (unit.name, *unit.aliases) for spell in (key, spelled_out))
    for words in (name.split() for name in spellings):
        for end in range(1, len(words) + 1):
            ratio = fuzz.ratio(bare(" ".join(words[:end])), plain)
            if ratio > alike:
                best, alike = words[:end], ratio
    if best is None:
        return None
    return _as_printed(printed, best)


def by_law(printed: str) -> str:
    """The printed name with spaces and accents of words that names of bodies are made of; places stay as read."""
    printed = _spaced(printed)
    words = [(m.start(), m.end()) for m in _WORD.finditer(printed)]
    plain = [bare(printed[a:b]) for a, b in words]
    result, index, lawful = list(printed), 0, True
    while index < len(words):
        phrase = _phrase(plain, index, lawful=lawful)
        lawful = lawful and bool(phrase)
        for offset, word in enumerate(phrase):
            start, end = words[index + offset]
            seen = printed[start:end]
            if seen.isupper() and key(seen) != word:  # "UỶ" is no mistake
                result[start:end] = word.upper()
        index += max(1, len(phrase))
    return "".join(result)


def respaced(printed: str) -> str:
    """The printed name with the spaces between words of the law that OCR lost: "SỞTÀICHÍNH".

    Only words longer than any Vietnamese syllable that are nothing but such words are taken apart.
    """
    return " ".join(_apart(word) if len(word) > _LONGEST_SYLLABLE else word for word in printed.split())


def _apart(word: str) -> str:
    plain, ends = bare(word), [0]
    words = _plain_words()
    splits: dict[int, tuple[int, ...]] = {0: ()}  # for each place reached, where the words before it end
    for end in range(1, len(plain) + 1):
        starts = [start for start in ends if plain[start:end] in words]
        if starts:
            splits[end] = (*min((splits[start] for start in starts), key=len), end)
            ends.append(end)
    if len(plain) not in splits:
        return word
    return " ".join(word[start:end] for start, end in pairwise((0, *splits[len(plain)])))


@cache
def _plain_words() -> frozenset[str]:
    """Words of two letters and more, without accents."""
    phrases = (*_OPENINGS, *_ANYWHERE)
    return frozenset(bare(word) for phrase in phrases for word in key(phrase).split() if len(word) > 1)


def known(printed: str) -> bool:
    """True when every word of the name, as read, belongs to how bodies are named: no letter of it is in doubt."""
    vocabulary = {word for phrase in (*_OPENINGS, *_ANYWHERE) for word in key(phrase).split()}
    return all(word in vocabulary for word in key(printed).split())


def _spaced(printed: str) -> str:
    """The name with the spaces that OCR lost in phrases of several words: "ỦY BANNHÂNDÂN"."""
    result = printed
    for tight, sizes in _tight():
        found = tight.search(bare(result))
        if found and result[found.start() : found.end()].count(" ") != len(sizes) - 1:
            letters = result[found.start() : found.end()].replace(" ", "")
            ends = list(accumulate(sizes))
            words = [letters[end - size : end] for end, size in zip(ends, sizes, strict=True)]
            result = " ".join((result[: found.start()] + " ".join(words) + " " + result[found.end() :]).split())
    return result


@cache
def _tight() -> tuple[tuple[re.Pattern[str], tuple[int, ...]], ...]:
    """Phrases of several words with any spaces between their letters, and the sizes of the words."""
    phrases = (key(phrase).split() for phrase in (*_OPENINGS, *_ANYWHERE))
    return tuple(
        (re.compile(r"\b" + r" ?".join(bare("".join(words)))), tuple(len(word) for word in words))
        for words in phrases
        if len(words) >= _MANY
    )


def _phrase(plain: list[str], index: int, *, lawful: bool) -> tuple[str, ...]:
    """The longest phrase that begins at this word; one that opens a name only at its beginning.

    `lawful`: all words before it belong to such phrases.
    """
    found: tuple[str, ...] = ()
    for phrase, opening in _phrases().items():
        size = len(phrase)
        fits = tuple(bare(word) for word in phrase) == tuple(plain[index : index + size])
        last = index + size == len(plain) and phrase in _PLACES and not lawful
        if fits and size > len(found) and (index == 0 or not opening) and not last:
            found = phrase
    return found


@cache
def _phrases() -> dict[tuple[str, ...], bool]:
    """Each phrase as words, and whether it counts at the beginning of a name only."""
    openings = {tuple(key(phrase).split()): True for phrase in _OPENINGS}
    return openings | {tuple(key(phrase).split()): False for phrase in _ANYWHERE}


def _as_printed(printed: str, words: list[str]) -> str:
    """The words in capitals; where their number is the same, printed words that are right, and signs, stay."""
    seen = _WORD.findall(printed)
    if len(seen) != len(words):
        return " ".join(words).upper()
    right = (old if key(old) == new else new.upper() for old, new in zip(seen, words, strict=True))
    return _WORD.sub(lambda _: next(right), printed)
