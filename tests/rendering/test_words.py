"""Small words: times, contacts, sentences without holes."""

from datetime import UTC, datetime

import pytest

from vbdaemon.model import Office
from vbdaemon.rendering.facts import as_json
from vbdaemon.rendering.words import contact_words, local_moment, local_moment_english, sentence


def test_people_read_the_time_of_viet_nam():
    late = datetime(2025, 1, 14, 18, 5, tzinfo=UTC)
    assert local_moment(late) == "01:05 ngày 15/01/2025"
    assert local_moment_english(late) == "01:05 on 15 January 2025 (UTC+7)"


@pytest.mark.parametrize(
    ("office", "words"),
    [
        (Office(), "Cơ quan tiếp nhận"),
        (Office(name="Văn phòng"), "Văn phòng"),
        (Office(name="Văn phòng", telephone="0200"), "Văn phòng, điện thoại 0200"),
        (Office(contact="Lê Thị Mẫu", email="a@b.example"), "Lê Thị Mẫu, thư điện tử a@b.example"),
    ],
)
def test_a_contact_names_only_what_is_known(office, words):
    assert contact_words(office) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Văn bản  thuộc danh mục .", "Văn bản thuộc danh mục."),
        ("Tạm giữ ( ).", "Tạm giữ."),
        ("Tạm giữ () để xem.", "Tạm giữ để xem."),
        ("hai\n dòng", "hai dòng"),
        ("e\u0302\u0323", "ệ"),
        ("a\u202eb", "a\ufffdb"),
    ],
)
def test_a_sentence_has_no_holes(text, words):
    assert sentence(text) == words


def test_json_is_always_encodable():
    assert as_json({"name": "\udce9"}).encode()
