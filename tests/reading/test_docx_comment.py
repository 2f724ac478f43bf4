"""Copies of Word files with comments."""

import hashlib
import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from vbdaemon.model import Limits
from vbdaemon.reading.docx_comment import NotAnnotatable, Remark, with_comments


@pytest.fixture
def word(tmp_path):
    file = docx.Document()
    file.add_paragraph("Đoạn một")
    file.add_paragraph("")
    file.add_table(1, 1).rows[0].cells[0].text = "Trong bảng"
    file.add_paragraph("Đoạn cuối").add_run(" còn tiếp")
    path = tmp_path / "w.docx"
    file.save(str(path))
    return path


def commented(body):
    """Each comment with the words it stands at."""
    file = docx.Document(io.BytesIO(body))
    texts = {comment.comment_id: comment.text for comment in file.comments}
    found = {}
    for paragraph in file.element.body.iter(f"{{{paragraph_namespace()}}}p"):
        for start in paragraph.iter(f"{{{paragraph_namespace()}}}commentRangeStart"):
            identity = int(start.get(f"{{{paragraph_namespace()}}}id"))
            found[texts[identity]] = "".join(t.text for t in paragraph.iter(f"{{{paragraph_namespace()}}}t"))
    return found


def paragraph_namespace():
    return "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_a_comment_stands_at_its_paragraph(word):
    body = with_comments(word, [Remark(0, "một"), Remark(2, "hai"), Remark(3, "ba")], Limits())
    assert commented(body) == {"một": "Đoạn một", "hai": "Trong bảng", "ba": "Đoạn cuối còn tiếp"}


def test_where_no_words_are_the_ones_before_bear_the_comment(word):
    assert commented(with_comments(word, [Remark(1, "trống"), Remark(None, "chung")], Limits())) == {
        "trống": "Đoạn một",
        "chung": "Đoạn một",
    }


def test_the_file_itself_stays_as_it_is(word):
    before = hashlib.sha256(word.read_bytes()).hexdigest()
    body = with_comments(word, [Remark(0, "một")], Limits())
    assert hashlib.sha256(word.read_bytes()).hexdigest() == before
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert "word/comments.xml" in archive.namelist()
        assert archive.testzip() is None


def test_the_words_of_a_comment_are_never_markup(word):
    words = "<w:p> & “dấu” ]]>"
    assert list(commented(with_comments(word, [Remark(0, words)], Limits()))) == [words]


def test_no_comment_stands_in_a_text_box(tmp_path):
    file = docx.Document()
    box = (
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r>"
    )
    file.add_paragraph("ngoài")._p.append(parse_xml(box))
    path = tmp_path / "b.docx"
    file.save(str(path))
    body = with_comments(path, [Remark(1, "về hộp")], Limits())
    assert [text[:5] for text in commented(body).values()] == ["ngoài"]


@pytest.mark.parametrize("body", [b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_word_file_is_told(tmp_path, body):
    path = tmp_path / "x.docx"
    path.write_bytes(body)
    with pytest.raises(NotAnnotatable):
        with_comments(path, [Remark(0, "một")], Limits())


def test_a_file_without_words_is_told(tmp_path):
    path = tmp_path / "empty.docx"
    docx.Document().save(str(path))
    with pytest.raises(NotAnnotatable):
        with_comments(path, [Remark(0, "một")], Limits())


def test_words_put_in_while_changes_are_tracked_can_bear_a_comment(word):
    file = docx.Document(str(word))
    inserted = parse_xml(f'<w:ins {nsdecls("w")} w:id="7" w:author="a"><w:r><w:t>Chèn vào</w:t></w:r></w:ins>')
    file.paragraphs[1]._p.append(inserted)
    file.save(str(word))
    assert commented(with_comments(word, [Remark(1, "một")], Limits())) == {"một": "Chèn vào"}
