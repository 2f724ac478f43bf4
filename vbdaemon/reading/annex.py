"""The line at which an annex of a document begins."""

import re

ANNEX_LINE = re.compile(r"phụ lục(?:\s+(?:số\s+)?(?:\d+|[ivxlc]+))?\s*[.:]?$", re.IGNORECASE)
"""“Phụ lục”, with or without its number, on a line of its own."""
