"""What is decided without a server: ways, flags, groups, pieces, rests and words."""

import ssl

import pytest

from vbdaemon.intake.imap.link import Selected
from vbdaemon.intake.imap.rest import rest_seconds
from vbdaemon.intake.imap.settings import After
from vbdaemon.intake.imap.taking import GROUP_BYTES, GROUP_MESSAGES, PIECE, TooLarge, groups, pieces
from vbdaemon.intake.imap.telling import Way, flag_of, way_of
from vbdaemon.intake.imap.trouble import ServerRefused, code_of, plain, words_of_link

ALL = frozenset({"\\Deleted", "\\Flagged", "\\*"})


@pytest.mark.parametrize(
    ("after", "writable", "flags", "capabilities", "way"),
    [
        (After.FLAG, True, ALL, "MOVE UIDPLUS", Way.FLAG),
        (After.FLAG, False, ALL, "MOVE UIDPLUS", Way.NOTHING),
        (After.FLAG, True, frozenset({"\\Seen"}), "", Way.NOTHING),
        (After.MOVE, True, ALL, "MOVE UIDPLUS", Way.MOVE),
        (After.MOVE, True, ALL, "MOVE", Way.MOVE),
        (After.MOVE, True, ALL, "UIDPLUS", Way.COPY),
        (After.MOVE, True, ALL, "", Way.FLAG),
        (After.MOVE, True, frozenset({"\\Flagged"}), "UIDPLUS", Way.FLAG),
        (After.MOVE, False, ALL, "MOVE", Way.NOTHING),
        (After.DELETE, True, ALL, "UIDPLUS", Way.DELETE),
        (After.DELETE, True, ALL, "MOVE", Way.FLAG),
        (After.NOTHING, True, ALL, "MOVE UIDPLUS", Way.NOTHING),
    ],
)
def test_the_best_that_server_and_folder_allow_is_done(after, writable, flags, capabilities, way):
    assert way_of(after, Selected(1, 1, writable, flags), capabilities.split().__contains__) is way


@pytest.mark.parametrize(
    ("flags", "flag"),
    [
        ({"\\Flagged", "\\*"}, "$vbdaemon"),
        ({"\\Flagged", "$vbdaemon"}, "$vbdaemon"),
        ({"\\Flagged", "$MDNSent"}, "\\Flagged"),
        ({"\\Seen"}, ""),
    ],
)
def test_the_keyword_is_set_where_keywords_last_and_else_the_star(flags, flag):
    assert flag_of(frozenset(flags)) == flag


def test_rests_grow_with_failures_up_to_a_bound_and_are_spread():
    assert [rest_seconds(n, 0.5) for n in (1, 2, 3, 9, 10, 99)] == [1.0, 2.0, 4.0, 256.0, 300.0, 300.0]
    assert [rest_seconds(n, 0.5, refused=True) for n in (1, 6, 99)] == [60.0, 1800.0, 1800.0]
    assert rest_seconds(1, 0.0) == pytest.approx(0.8)
    assert rest_seconds(1, 1.0) == pytest.approx(1.2)


def test_small_messages_are_fetched_together_large_ones_and_failed_ones_alone():
    sizes = {1: 10, 2: PIECE + 1, 3: 10, 4: 10, 5: 10}
    assert list(groups([1, 2, 3, 4, 5], sizes, {3: 2, 4: 1})) == [(1, 5), (2,), (4,), (3,)]
    assert list(groups([], {}, {})) == []


def test_groups_are_bounded_in_messages_and_bytes():
    many = list(range(1, 131))
    found = list(groups(many, dict.fromkeys(many, 10), {}))
    assert [uid for group in found for uid in group] == many
    assert max(map(len, found)) == GROUP_MESSAGES
    heavy = list(groups(many[:9], dict.fromkeys(many, PIECE), {}))
    assert [len(group) for group in heavy] == [GROUP_BYTES // PIECE, GROUP_BYTES // PIECE, 1]


class Server:
    """A message of which pieces are asked; `beyond` is what it answers past the end."""

    def __init__(self, body, beyond=b"", *, gone=False):
        self.body, self.beyond, self.gone, self.asked = body, beyond, gone, 0

    def piece(self, uid, offset, count):
        self.asked += 1
        return self.body[offset : offset + count] if offset < len(self.body) else self.beyond

    def sizes(self, uids):
        return {} if self.gone else dict.fromkeys(uids, len(self.body))


@pytest.mark.parametrize("beyond", [b"", None])
@pytest.mark.parametrize("said", [-PIECE, -1, 0, 1, 5, PIECE, 3 * PIECE])
@pytest.mark.parametrize("length", [PIECE + 1, 2 * PIECE - 1, 2 * PIECE + 77])
def test_a_message_comes_whole_though_the_server_only_estimated_its_size(length, said, beyond):
    body = bytes(range(256)) * (length // 256) + b"x" * (length % 256)
    server = Server(body, beyond)
    assert b"".join(pieces(server, 1, length + said, 10 * PIECE)) == body
    assert server.asked <= length // PIECE + 2


def test_a_message_that_vanishes_between_two_pieces_is_not_taken_for_whole():
    with pytest.raises(EOFError):
        list(pieces(Server(b"x" * PIECE, None, gone=True), 1, 3 * PIECE, 10 * PIECE))
    with pytest.raises(ServerRefused):
        list(pieces(Server(b"x" * PIECE, None), 1, 3 * PIECE, 10 * PIECE))


def test_no_more_than_the_limit_is_fetched_whatever_the_server_had_said():
    server = Server(b"x" * 9 * PIECE)
    with pytest.raises(TooLarge):
        list(pieces(server, 1, PIECE, 3 * PIECE))
    assert server.asked == 4


@pytest.mark.parametrize(
    ("answer", "code"),
    [("[OVERQUOTA] Quota exceeded", "OVERQUOTA"), ("[TRYCREATE] no", "TRYCREATE"), ("no [such] folder", ""), ("", "")],
)
def test_the_code_of_an_answer_is_read(answer, code):
    assert code_of(answer) == code
    assert ServerRefused("MOVE", answer).code == code


def test_an_answer_in_a_log_is_one_short_line_of_plain_letters_without_secrets():
    assert plain("a\r\nb\x1b[31m bi-mat ế" + "x" * 999, ("bi-mat", "")) == ("a b [31m ***  " + "x" * 999)[:160]


def test_a_certificate_s_fault_is_named_with_its_remedy():
    error = ssl.SSLCertVerificationError(1, "…")
    error.verify_message = "certificate has expired"
    words = words_of_link(error, "mail.example.vn", 993, 60.0)
    assert words.startswith("mail.example.vn:993: the server's certificate is not accepted (certificate has expired)")
