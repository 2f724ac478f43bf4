"""The refresh inside a real daemon: what a held document waits for is fetched, and the document goes on by itself."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

pytestmark = pytest.mark.journey

HOST = "ca.example.vn"
OFTEN = 0.0004
"""Hours between two fetches."""


class Publisher:
    """The authority's server, reached as a proxy is: certificates name public addresses."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.asked.append(self.path)
                body = owner.answers.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.close()


@pytest.fixture
def bare(station):
    """The site knows the root alone: no link, no list."""
    folder = station.config.parent / "trust"
    for path in [*folder.glob("*.crl"), folder / "demo-intermediate.pem"]:
        path.unlink()
    return folder


def told(station) -> list[str]:
    return [words for (words,) in station.rows("SELECT words FROM events WHERE kind = 'trust' ORDER BY id")]


def test_what_a_held_document_waits_for_is_fetched_and_it_is_accepted_by_itself(
    station, bare, papers, agency, publisher
):
    station.change("trust", fetch=True, hosts=[HOST], proxy=publisher.address, every_hours=OFTEN)
    station.start()
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    assert list(station.settled(1).values()) == ["HELD"]
    wanted = {row["kind"]: row["urls"] for row in station.answer("trust", "wanted")}
    assert set(wanted) == {"certificate", "crl"}
    pki = agency.pki
    publisher.answers[wanted["certificate"][0]] = pki.intermediate.certificate.public_bytes(Encoding.DER)
    publisher.answers[wanted["crl"][0]] = pki.crls()[1]
    station.until(lambda: set(station.states().values()) == {"ACCEPTED"}, "the document to go on by itself", 20)
    station.until(lambda: len(list(bare.glob("*.crl"))) == 1, "the list of the new authority", 20)
    assert {name.partition("-")[0] for name in (path.name for path in bare.iterdir())} >= {"crl", "demo"}
    assert all(url.startswith(f"http://{HOST}/") for url in publisher.asked)
    assert any("added" in words for words in told(station))
    assert station.stop() == 0


def test_a_host_that_is_not_listed_is_never_asked(station, bare, papers, publisher):
    station.change("trust", fetch=True, hosts=["other.example.vn"], proxy=publisher.address, every_hours=OFTEN)
    station.start()
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    assert list(station.settled(1).values()) == ["HELD"]
    station.until(lambda: b"not listed in [trust] hosts" in station.said(), "the refresh to say why", 20)
    assert publisher.asked == []
    assert list(station.states().values()) == ["HELD"]
    assert station.stop() == 0
