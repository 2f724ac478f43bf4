"""The bulk reader gives the very bytes that the stock reader gives, wherever the packets are cut."""

import asyncio
import random
from itertools import pairwise

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.intake.smtp.data_stream import DataStream

CORPUS = (
    b".\r\n",
    b"\r\n.\r\n",
    b"Subject: x\r\n\r\nHello\r\n.\r\n",
    b"..\r\n.\r\n",
    b"...\r\n..\r\n.x\r\n.\r\n",
    b". \r\n.\r\n",
    b".\r\r\n.\r\n",
    b".\n\r\n.\r\n",
    b"a\r\r\n.\r\n",
    b"a\r\n\r\n\r\n.\r\n",
    b"a\n.\nb\r\n.\r\n",
    b"a\r.\rb\r\n.\r\n",
    b"a\n.\r\nb\r\n.\r\n",
    b"a\r\n.\nb\r\n.\r\n",
    b"a\r\n.\rb\r\n.\r\n",
    b"a\r.\r\nb\r\n.\r\n",
    b"\r\r\n.\r\n",
    b"\n\r\n.\r\n",
    b"\0\xff\x80.\r\n.\r\n",
    b"x" * 990 + b"\r\n.\r\n",
    b"." * 900 + b"\r\n.\r\n",
    b"." * 900 + b"\r\n." + b"." * 900 + b"\r\n.\r\n",
    "Kính gửi Ủy ban\r\n.\r\n".encode(),
    b"a\r\n.\r\nQUIT\r\n",
    b"a\r\n.\r\n.\r\n.\r\n",
    b"a\r\n.\r\n\r\n.\r\n",
)


class Handler:
    """Keeps what the stock server received."""

    def __init__(self) -> None:
        self.content = b""

    async def handle_DATA(  # noqa: N802 - the library calls it by this name
        self, server, session, envelope
    ):
        self.content = envelope.content
        return "250 kept"


async def _stock(messages: list[bytes]) -> list[bytes]:
    handler = Handler()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="stock", timeout=60), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = []
    for message in messages:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HELO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n" + message)
        while not (line := await reader.readline()).startswith(b"250 kept"):
            assert line[:3] in (b"220", b"250", b"354"), line
        found.append(handler.content)
        writer.close()
        await writer.wait_closed()
    server.close()
    await server.wait_closed()
    return found


def by_lines(raw: bytes) -> tuple[bytes, bytes]:
    """The rule of RFC 5321 §4.5.2, a line at a time, and what comes after the end."""
    content = b""
    while True:
        line, end, raw = raw.partition(b"\r\n")
        assert end
        if line == b".":
            return content, raw
        content += line.removeprefix(b".") + end


def in_packets(raw: bytes, cuts: list[int]) -> tuple[bytes, bytes]:
    stream = DataStream()
    edges = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    content = b""
    for start, end in pairwise(edges):
        piece, rest = stream.feed(raw[start:end])
        content += piece
        if rest is not None:
            return content, rest + raw[end:]
    raise AssertionError("no end")


def hostile(count: int) -> list[bytes]:
    chance = random.Random(5321)
    pieces = (b"\r\n", b"\r\n", b".", b".", b"\r", b"\n", b"a", b"\r\n.", b".\r", b"bc ")
    return [b"".join(chance.choices(pieces, k=chance.randint(0, 40))) + b"\r\n.\r\n" for _ in range(count)]


def test_the_reader_equals_the_stock_one_on_a_corpus():
    messages = [*CORPUS, *hostile(60)]
    stock = asyncio.run(_stock(messages))
    for message, wanted in zip(messages, stock, strict=True):
        assert by_lines(message)[0] == wanted
        assert in_packets(message, [])[0] == wanted
        assert in_packets(message, list(range(len(message)))) == by_lines(message)


PIECES = st.sampled_from(
    [b"\r\n", b".", b"\r", b"\n", b"\r\n.", b"\r\n..", b".\r", b"x", b"\r\n.\r\n", b"Kinh gui " * 30]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30), st.lists(st.integers(0, 300), max_size=20))
def test_the_reader_gives_the_same_bytes_however_the_packets_are_cut(pieces, cuts):
    raw = b"".join(pieces) + b"\r\n.\r\nQUIT\r\n"
    assert in_packets(raw, cuts) == by_lines(raw)


@pytest.mark.parametrize(
    "end",
    [
        b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\n.\r", b"\r.\n", b"\n\n.\n\n",
        b"\r\n\x00.\r\n", b"\r\n.\x00\r\n", b"\r\n. \r\n", b"\r\n\t.\r\n", b"\x85.\x85", b"\r\r\n.\r\r\n",
    ],
)  # fmt: skip
def test_nothing_but_a_dot_between_crlfs_ends_a_message(end):
    raw = b"Subject: a\r\n\r\nb" + end + b"MAIL FROM:<forged@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n"
    stream = DataStream()
    content, rest = stream.feed(raw)
    assert rest is None
    more, rest = stream.feed(b".\r\nQUIT\r\n")
    assert rest == b"QUIT\r\n"
    assert content + more == by_lines(raw + b".\r\n")[0]
    assert b"forged" in content + more
