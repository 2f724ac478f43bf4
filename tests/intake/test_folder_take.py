"""What is taken, when, and as what."""

import unicodedata
from pathlib import Path

import pytest

from vbdaemon.model import Channel

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n"


def test_a_file_is_taken_after_it_stood_still_and_no_other_was_added(site) -> None:
    site.put("607.pdf", PDF)
    site.sweep()
    site.sweep(after=9.9)
    assert site.admitted() == []
    site.sweep(after=0.2)
    assert site.admitted() == [[("607.pdf", PDF)]]
    assert site.left() == []
    assert site.admission.acknowledged == list(site.admission.rows)


def test_the_envelope_names_the_unit_and_account_of_the_folder(site) -> None:
    site.put("607.pdf", PDF)
    site.run(11)
    (envelope,) = site.admission.envelopes.values()
    assert (envelope.source, envelope.channel, envelope.unit, envelope.account) == (
        "stnmt/gui",
        Channel.FOLDER,
        "H48.1",
        "stnmt/gui",
    )
    assert envelope.received_at.tzinfo is not None


def test_with_no_waiting_times_a_complete_file_is_taken_at_the_first_sweep(site) -> None:
    site.restart(quiet=0.0, settle=0.0)
    site.put("607.pdf", PDF)
    site.sweep()
    assert site.names() == [["607.pdf"]]


def test_a_growing_file_waits_until_it_stands_still(site) -> None:
    site.restart(settle=0.0)
    for size in range(1, 10):
        site.put("a.txt", b"x" * size)
        site.sweep(after=1.5)
    assert site.admitted() == []
    site.sweep(after=2.1)
    assert site.admitted() == [[("a.txt", b"x" * 9)]]


def test_a_file_that_only_gets_a_new_date_still_changes(site) -> None:
    site.restart(settle=0.0)
    site.put("a.txt")
    site.sweep()
    site.sweep(after=1.9)
    site.put("a.txt")
    site.sweep(after=0.2)
    assert site.admitted() == []
    site.run(3)
    assert site.names() == [["a.txt"]]


def test_a_date_in_the_future_does_not_hold_a_file_back(site) -> None:
    site.put("a.txt", age=-5000)
    site.run(11)
    assert site.names() == [["a.txt"]]


def test_an_old_date_alone_does_not_make_a_file_quiet(site) -> None:
    site.restart(settle=0.0)
    site.put("a.txt", age=5000)
    site.sweep()
    assert site.admitted() == []


def test_a_file_whose_size_was_reserved_is_not_taken(site) -> None:
    site.put("scan.pdf", PDF.ljust(200_000, b"\0"))
    site.run(300, step=5)
    assert site.admitted() == []
    assert site.why() == {"scan.pdf": "unfinished"}
    site.put("scan.pdf", PDF)
    site.run(120, step=5)
    assert site.admitted() == [[("scan.pdf", PDF)]]


@pytest.mark.parametrize("body", [b"", PDF[:-6]])
def test_an_unfinished_file_is_told_of_once_and_admitted_as_it_is_in_the_end(site, body: bytes) -> None:
    site.put("607.pdf", body)
    began = site.time.wall()
    site.run(350, step=5)
    assert site.notes == []
    site.run(3000, step=20)
    assert [(source, name) for source, name, _ in site.notes] == [("stnmt/gui", "607.pdf")]
    assert abs((site.notes[0][2] - began).total_seconds()) < 6
    assert site.admitted() == []
    site.run(300, step=20)
    assert site.admitted() == [[("607.pdf", body)]]
    assert site.left() == []


def test_a_short_give_up_time_is_still_preceded_by_the_note(site) -> None:
    site.restart(give_up_after=20.0)
    site.put("607.pdf", b"")
    site.run(15)
    assert len(site.notes) == 1
    assert site.admitted() == []


def test_a_note_that_cannot_be_written_is_written_later(site) -> None:
    def full(source: str, name: str, since: object) -> None:
        del source, name, since
        raise OSError(28, "full")

    site.source._judge._on_unfinished = full
    site.put("607.pdf", b"")
    site.run(600, step=5)
    site.source._judge._on_unfinished = lambda *note: site.notes.append(note)
    site.run(100, step=5)
    assert len(site.notes) == 1


def test_a_file_that_grows_again_after_the_note_starts_anew_and_is_not_told_of_twice(site) -> None:
    site.put("607.pdf", b"")
    site.run(2000, step=10)
    site.put("607.pdf", PDF[:-6])
    site.run(3000, step=10)
    assert site.admitted() == []
    assert len(site.notes) == 1


def test_files_with_one_stem_are_one_submission_whichever_came_first(site) -> None:
    site.put("607.docx", b"word")
    site.sweep()
    site.sweep(after=8)
    site.put("607.PDF", PDF)
    site.run(9)
    assert site.admitted() == []
    site.run(8)
    assert site.names() == [["607.PDF", "607.docx"]]


def test_a_companion_that_came_since_the_names_were_read_still_belongs_to_the_group(site) -> None:
    site.restart(interval=60.0)
    site.put("607.pdf", PDF)
    site.sweep()
    site.time.pass_(9)
    site.put("607.docx", b"word")
    site.sweep(after=1.5)
    assert site.admitted() == []
    site.run(12)
    assert site.names() == [["607.docx", "607.pdf"]]


def test_files_of_other_stems_are_submissions_of_their_own(site) -> None:
    site.put("607.pdf", PDF)
    site.put("608.pdf", PDF)
    site.run(11)
    assert sorted(site.names()) == [["607.pdf"], ["608.pdf"]]


def test_one_unfinished_member_holds_the_whole_group(site) -> None:
    site.put("607.pdf", PDF[:-6])
    site.put("607.docx", b"word")
    site.run(60)
    assert site.admitted() == []
    site.put("607.pdf", PDF)
    site.run(30)
    assert site.names() == [["607.docx", "607.pdf"]]


def test_a_sub_folder_is_one_submission_and_is_gone_afterwards(site) -> None:
    site.put("ho so/to trinh.pdf", PDF)
    site.put("ho so/phu luc/bang 1.xlsx", b"one")
    site.put("ho so/phu luc/sau/bang 2.xlsx", b"two")
    site.put("ho so/Thumbs.db", b"litter")
    site.run(9)
    assert site.admitted() == []
    site.run(3)
    assert site.names() == [["phu luc_bang 1.xlsx", "phu luc_sau_bang 2.xlsx", "to trinh.pdf"]]
    assert site.left() == []
    assert not (site.drop / "ho so").exists()


def test_a_sub_folder_waits_while_files_are_added(site) -> None:
    site.put("ho so/1.txt")
    site.sweep()
    for number in range(2, 6):
        site.sweep(after=8)
        site.put(f"ho so/{number}.txt")
    site.run(9)
    assert site.admitted() == []
    site.run(8)
    assert len(site.names()[0]) == 5


@pytest.mark.parametrize("mark", ["xong", "XONG", "xong.txt"])
def test_a_sub_folder_with_an_empty_done_mark_is_taken_at_once(site, mark: str) -> None:
    site.put("ho so/1.txt")
    site.put("ho so/2.txt")
    site.sweep()
    site.put(f"ho so/{mark}", b"")
    site.sweep(after=2.5)
    assert site.names() == [["1.txt", "2.txt"]]
    assert site.left() == []


def test_the_done_mark_does_not_hurry_unfinished_files(site) -> None:
    site.put("ho so/1.pdf", PDF[:-6])
    site.put("ho so/xong", b"")
    site.run(60)
    assert site.admitted() == []


def test_a_done_mark_with_words_in_it_is_a_file(site) -> None:
    site.put("ho so/1.txt")
    site.put("ho so/xong", b"words")
    site.run(13)
    assert site.names() == [["1.txt", "xong"]]


def test_a_folder_called_like_a_file_is_a_sub_folder(site) -> None:
    site.put("607.pdf/607.pdf", PDF)
    site.run(12)
    assert site.names() == [["607.pdf"]]
    assert site.left() == []


def test_empty_sub_folders_stay_and_wait_for_nothing(site) -> None:
    (site.drop / "trong" / "trong hon").mkdir(parents=True)
    (site.drop / "rac").mkdir()
    (site.drop / "rac" / "Thumbs.db").write_bytes(b"x")
    site.run(60, step=5)
    assert site.admitted() == []
    assert site.source.pending() == ()
    assert (site.drop / "trong" / "trong hon").is_dir()


def test_a_sub_folder_that_is_filled_later_is_noticed(site) -> None:
    (site.drop / "ho so").mkdir()
    site.run(60, step=5)
    site.put("ho so/1.txt")
    site.run(30)
    assert site.names() == [["1.txt"]]


@pytest.mark.parametrize(
    "name",
    [
        "~$607.docx",
        "~WRL0001.tmp",
        "~WRL0001",
        "a.tmp",
        "A.TMP",
        "a.pdf.part",
        "a.filepart",
        "a.crdownload",
        "Thumbs.db",
        "THUMBS.DB",
        "desktop.ini",
        ".DS_Store",
        "van ban.lnk",
        ".an",
        ".an/a.pdf",
        "$RECYCLE.BIN/a.pdf",
    ],
)
def test_names_that_are_nobodys_document_are_left_alone(site, name: str) -> None:
    site.put(name)
    site.run(30)
    assert site.admitted() == []
    assert site.left() == [name]
    assert site.source.pending() == ()


def test_other_patterns_can_be_configured(site) -> None:
    site.restart(ignored=("*.bak",))
    site.put("a.bak")
    site.put("a.tmp")
    site.run(12)
    assert site.names() == [["a.tmp"]]


def test_results_inside_the_drop_folder_are_never_read(site) -> None:
    site.results = site.drop / "ket-qua"
    site.restart()
    site.put("ket-qua/phieu.html")
    site.put("ket-qua/260302-1/phieu.html")
    site.run(30)
    assert site.admitted() == []
    assert site.source.pending() == ()


@pytest.mark.parametrize(
    "name",
    [
        "Công văn số 607 về dữ liệu đất đai.pdf",
        "dấu \"ngoặc\" và 'nháy'.pdf",
        "hai\ndòng\r\n.pdf",
        "tab\tvà\x07chuông.pdf",
        "%s {0} $(id) `id` ; rm -rf *.pdf",
        "-rf",
        "x" * 251 + ".pdf",
        "x" * 255,
        "ế" * 85,
        "không có phần mở rộng",
        "<script>alert(1)<script>.pdf",
        "C:\\Windows\\a.pdf",
    ],
)
def test_any_name_that_a_disk_bears_is_taken(site, name: str) -> None:
    site.put(name, PDF)
    site.run(12)
    assert site.admitted() == [[(unicodedata.normalize("NFC", name), PDF)]]
    assert site.left() == []


def test_a_name_that_is_not_unicode_is_taken_under_a_name_that_is(site) -> None:
    site.put(b"b\xe1o c\xe1o.pdf", PDF)
    site.run(12)
    assert site.names() == [["b�o c�o.pdf"]]
    assert site.left() == []


def test_composed_and_decomposed_twins_are_both_kept(site) -> None:
    site.put(unicodedata.normalize("NFC", "Báo cáo.pdf"), b"one")
    site.put(unicodedata.normalize("NFD", "Báo cáo.pdf"), b"two")
    site.run(12)
    assert sorted(body for files in site.admitted() for _, body in files) == [b"one", b"two"]
    assert len(site.admitted()) == 2
    assert site.left() == []


def test_a_decomposed_companion_belongs_to_its_composed_file(site) -> None:
    site.put(unicodedata.normalize("NFC", "Báo cáo.pdf"), PDF)
    site.put(unicodedata.normalize("NFD", "Báo cáo.docx"), b"word")
    site.run(12)
    assert site.names() == [["Báo cáo.docx", "Báo cáo.pdf"]]


def test_twins_in_a_sub_folder_get_names_that_differ(site) -> None:
    site.put("ho so/" + unicodedata.normalize("NFC", "á.pdf"), b"one")
    site.put("ho so/" + unicodedata.normalize("NFD", "á.pdf"), b"two")
    site.put("ho so/a_b.pdf", b"three")
    site.put("ho so/a/b.pdf", b"four")
    site.run(12)
    (files,) = site.admitted()
    assert sorted(body for _, body in files) == [b"four", b"one", b"three", b"two"]
    assert sorted(name for name, _ in files) == ["a_b (2).pdf", "a_b.pdf", "á (2).pdf", "á.pdf"]


def test_the_same_file_dropped_again_is_a_new_submission(site) -> None:
    for _ in range(2):
        site.put("607.pdf", PDF, age=5000)
        site.run(20)
    assert site.names() == [["607.pdf"], ["607.pdf"]]


def test_more_files_than_a_batch_holds_are_all_taken_once(site) -> None:
    site.restart(batch=7)
    for number in range(50):
        site.put(f"{number}.txt", str(number).encode())
    site.run(30)
    assert sorted(body for files in site.admitted() for _, body in files) == sorted(str(n).encode() for n in range(50))


def test_the_log_holds_no_file_name(site) -> None:
    site.put("Danh sách mật.pdf", PDF)
    site.put("Hồ sơ mật.pdf", b"")
    site.put("Thư mục mật/1.txt")
    site.run(60)
    assert site.log.lines
    assert "mật" not in unicodedata.normalize("NFC", "\n".join(site.log.lines))


def test_what_waits_is_visible_with_its_age(site) -> None:
    site.put("607.pdf", PDF[:-6])
    began = site.time.wall()
    site.run(100, step=5)
    (drop,) = site.source.pending()
    assert (drop.source, drop.name, drop.why, drop.files) == ("stnmt/gui", "607.pdf", "unfinished", 1)
    assert drop.since == began
    assert site.source.state().pending == 1


def test_a_hint_brings_a_look_forward(site) -> None:
    site.restart(quiet=0.0, settle=0.0, interval=600.0)
    site.sweep()
    site.put("607.pdf", PDF)
    site.sweep(after=1)
    assert site.admitted() == []
    site.source.hint("607.pdf")
    site.sweep()
    assert site.names() == [["607.pdf"]]


def test_the_spool_names_are_plain(site, tmp_path: Path) -> None:
    site.put("607.pdf", PDF)
    site.run(12)
    folders = [f for f in (tmp_path / "spool" / "submissions").rglob("*") if f.is_file()]
    assert sorted(f.name for f in folders) == ["001", "envelope.json"]
