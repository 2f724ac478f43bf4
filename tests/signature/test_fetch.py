"""Fetching over HTTP from a server on this machine: listed hosts only, bounded, nothing unverified stays."""

import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from vbdaemon.errors import TrustError
from vbdaemon.operation.refresh import Refresh, RefreshSettings
from vbdaemon.operation.trust_intake import fetch_wanted
from vbdaemon.signature import wanted as wanted_module
from vbdaemon.signature.evidence_ocsp import ocsp_request
from vbdaemon.signature.fetch import FetchRules, fetched
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.wanted import Wanted, WantedKind, usable, wanted_evidence

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Server:
    """Answers by path; remembers what was asked."""

    def __init__(self):
        self.answers, self.redirects, self.asked = {}, {}, []
        self.posted, self.questions = {}, []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                owner.asked.append(self.path)
                if self.path in owner.redirects:
                    self.send_response(302)
                    self.send_header("Location", owner.redirects[self.path])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = owner.answers.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                if self.path == "/slow":
                    time.sleep(1.0)
                self.wfile.write(body or b"")

            def do_POST(self):
                question = self.rfile.read(int(self.headers["Content-Length"]))
                owner.questions.append((self.path, self.headers["Content-Type"], question))
                body = owner.posted.get(self.path)
                self.send_response(200 if body is not None else 405)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def url(self, path):
        return f"http://{self.host}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def rules(server):
    return FetchRules(hosts=(server.host,), timeout=2.0)


def get(server, path, rules):
    return fetched(server.url(path), rules, time.monotonic)


def test_the_bytes_of_a_listed_host_come(server, rules):
    server.answers["/a.crl"] = b"abc"
    assert get(server, "/a.crl", rules) == b"abc"


@pytest.mark.parametrize(
    "url",
    [
        "http://ca.example.vn/a.crl",
        "http://127.0.0.1/a.crl",
        "ftp://127.0.0.1/a.crl",
        "file:///etc/hostname",
        "http://{host}@ca.example.vn/",
        "http://user:x@{host}/a",
        "http://{host}.example.vn/",
        "http://[::1/",
    ],
)
def test_everything_else_is_refused_before_anything_is_sent(server, rules, url):
    with pytest.raises(TrustError, match="not listed"):
        fetched(url.replace("{host}", server.host), rules, time.monotonic)
    assert server.asked == []


def test_a_usual_port_needs_no_mention():
    rules = FetchRules(hosts=("CA.gov.vn",))
    assert rules.allows("http://ca.gov.vn:80/x")
    assert rules.allows("https://ca.GOV.vn/x")
    assert not rules.allows("http://ca.gov.vn:8080/x")
    assert not rules.allows("http://evil.ca.gov.vn/x")


def test_a_redirect_must_stay_on_listed_hosts(server, rules):
    server.answers["/there"] = b"moved"
    server.redirects = {
        "/here": server.url("/there"),
        "/out": "http://169.254.169.254/",
        "/round": server.url("/round"),
    }
    assert get(server, "/here", rules) == b"moved"
    with pytest.raises(TrustError, match="redirects to a host that is not listed"):
        get(server, "/out", rules)
    with pytest.raises(TrustError):
        get(server, "/round", rules)


def test_too_much_too_slow_and_not_there_are_errors_in_words(server, rules):
    server.answers |= {"/big": b"x" * 2000, "/slow": b"x"}
    with pytest.raises(TrustError, match="larger than 1000 bytes"):
        fetched(server.url("/big"), FetchRules(hosts=(server.host,), largest=1000), time.monotonic)
    with pytest.raises(TrustError, match="timed out"):
        fetched(server.url("/slow"), FetchRules(hosts=(server.host,), timeout=0.2), time.monotonic)
    with pytest.raises(TrustError, match="answered 404"):
        get(server, "/missing", rules)
    ticks = iter(range(0, 10_000, 400))
    with pytest.raises(TrustError, match="longer than"):
        fetched(server.url("/big"), rules, lambda: float(next(ticks)))


def test_the_proxy_of_the_settings_is_asked_and_that_of_the_environment_is_not(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["/x"] = b"plain"
    assert get(server, "/x", FetchRules(hosts=(server.host,))) == b"plain"
    server.answers["http://ca.example.vn/x"] = b"by proxy"
    rules = FetchRules(hosts=("ca.example.vn",), proxy=f"http://{server.host}")
    assert fetched("http://ca.example.vn/x", rules, time.monotonic) == b"by proxy"


def test_internal_host_names_become_public_ones():
    given = ["http://ocsp.ca.ptc", "http://OCSP.ca.ptc:80/a", "ldap://ca.gov.vn/x", "http://ca.gov.vn/ x", "//x", ""]
    assert usable(given) == ("http://ocsp.ca.gov.vn/", "http://ocsp.ca.gov.vn:80/a")


def test_wanted_names_lists_of_authorities_and_signers_in_use(pki, agency, tmp_path):
    pki.write_trust(tmp_path, crls=False)
    bare = TrustStore.load(tmp_path)
    wanted = wanted_evidence(bare, {"CA vắng": ["http://ca.example.vn/cp.crt"]}, [agency.certificate], NOW)
    assert [(w.kind, w.name) for w in wanted] == [
        (WantedKind.CERTIFICATE, "CA vắng"),
        (WantedKind.CRL, f"{pki.name} (RootCA)"),
        (WantedKind.CRL, f"{pki.name} G2"),
    ]
    assert wanted[2].urls == ("http://ca.example.vn/crl/issuer.crl",)
    pki.write_trust(tmp_path)
    fresh = TrustStore.load(tmp_path)
    assert wanted_evidence(fresh, {}, [agency.certificate], NOW) == ()
    late = wanted_evidence(fresh, {}, [agency.certificate], NOW + 370 * DAY)
    assert [w.why for w in late] == ["the newest CRL ended 2027-03-02"] * 2


def test_what_is_fetched_enters_the_folder_when_it_verifies(pki, server, rules, tmp_path):
    pki.write_trust(tmp_path, crls=False)
    (tmp_path / "demo-intermediate.pem").unlink()
    server.answers = {"/ca.crt": pki.intermediate.certificate.public_bytes(Encoding.DER), "/b.crl": pki.crls()[1]}
    wanted = (
        Wanted(WantedKind.CERTIFICATE, "CA", (server.url("/gone"), server.url("/ca.crt")), ""),
        Wanted(WantedKind.CRL, "CA", (server.url("/b.crl"),), ""),
        Wanted(WantedKind.CRL, "x", ("http://ca.example.vn/x.crl",), ""),
    )
    taken = fetch_wanted(wanted, tmp_path, rules, NOW, time.monotonic)
    assert len(taken.added) == 2
    assert len(taken.refused) == 1
    assert [a.crls for a in TrustStore.load(tmp_path).authorities if a.role == "intermediate"] == [1]


class Question:
    """An OCSP responder's certificate and the answer about it."""

    def __init__(self, pki, at, url):
        self.leaf = pki.issue("Sở Mẫu").certificate
        self.issuer = pki.intermediate
        builder = ocsp.OCSPResponseBuilder().add_response(
            self.leaf, self.issuer.certificate, SHA256(), ocsp.OCSPCertStatus.GOOD, at, at + DAY, None, None
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.issuer.certificate)
        self.answer = builder.sign(self.issuer.key, SHA256()).public_bytes(Encoding.DER)
        self.asked = ocsp_request(self.leaf, self.issuer.certificate)
        self.url = url


@pytest.mark.parametrize("in_address", [True, False])
def test_a_responder_that_answers_no_address_is_asked_by_post(pki, server, rules, tmp_path, in_address):
    pki.write_trust(tmp_path, crls=False)
    question = Question(pki, NOW, server.url("/"))
    server.posted["/"] = question.answer
    urls = (server.url("/MEow"),) if in_address else ()
    wanted = Wanted(WantedKind.OCSP, "Sở Mẫu", urls, "names no CRL", (question.url,), question.asked)
    taken = fetch_wanted((wanted,), tmp_path, rules, NOW, time.monotonic)
    assert (len(taken.added), taken.refused) == (1, ())
    assert server.asked == (["/MEow"] if in_address else [])
    assert server.questions == [("/", "application/ocsp-request", question.asked)]


def test_a_long_question_is_put_by_post_alone(pki, monkeypatch, tmp_path):
    pki.write_trust(tmp_path, crls=False)
    leaf = Question(pki, NOW, "").leaf
    monkeypatch.setattr(wanted_module, "crl_urls", lambda _: ())
    monkeypatch.setattr(wanted_module, "responder_urls", lambda _: ("http://ocsp.example.vn/",))
    store = TrustStore.load(tmp_path)
    short = next(w for w in wanted_evidence(store, {}, [leaf], NOW) if w.name == "Sở Mẫu")
    assert (len(short.urls), short.responders) == (1, ("http://ocsp.example.vn/",))
    assert len(short.urls[0].rpartition("/")[2]) <= 255
    monkeypatch.setattr(wanted_module, "LONGEST_ASKED", 60)
    long = next(w for w in wanted_evidence(store, {}, [leaf], NOW) if w.name == "Sở Mẫu")
    assert (long.urls, long.responders, long.question) == ((), short.responders, short.question)


def test_the_list_of_a_missing_issuer_is_wanted_on_the_same_way(pki, agency, tmp_path):
    (tmp_path / "demo-root.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    wanted = wanted_evidence(TrustStore.load(tmp_path), {}, [agency.certificate], NOW)
    assert [(w.kind, w.name) for w in wanted] == [
        (WantedKind.CERTIFICATE, f"{pki.name} G2"),
        (WantedKind.CRL, f"{pki.name} G2"),
    ]


def test_lists_that_reports_name_are_wanted_until_they_are_at_hand(pki, tmp_path):
    lists = {f"{pki.name} G2": ["http://ca.example.vn/crl/issuer.crl", "ldap://x"]}
    pki.write_trust(tmp_path, crls=False)
    [named] = [w for w in wanted_evidence(TrustStore.load(tmp_path), {}, (), NOW, lists) if w.name in lists]
    assert (named.kind, named.urls) == (WantedKind.CRL, ("http://ca.example.vn/crl/issuer.crl",))
    pki.write_trust(tmp_path)
    assert wanted_evidence(TrustStore.load(tmp_path), {}, (), NOW, lists) == ()


def test_a_root_from_the_network_never_stays(server, rules, pki, tmp_path):
    server.answers["/root.crt"] = pki.root.certificate.public_bytes(Encoding.DER)
    wanted = (Wanted(WantedKind.CERTIFICATE, "Root", (server.url("/root.crt"),), ""),)
    taken = fetch_wanted(wanted, tmp_path, rules, NOW, time.monotonic)
    assert (taken.added, len(taken.unverified)) == ((), 1)
    assert TrustStore.load(tmp_path).authorities == ()


def test_the_trust_table_gives_the_refresh_its_settings():
    assert RefreshSettings.of({"folder": "trust"}) == RefreshSettings()
    assert RefreshSettings.of({"fetch": False, "hosts": (), "proxy": ""}).rules.allows("http://ca.gov.vn/x")
    chosen = RefreshSettings.of({"fetch": True, "hosts": ("crl.example.vn",), "proxy": "http://p", "every_hours": 3})
    assert chosen == RefreshSettings(True, ("crl.example.vn",), "http://p", 3)
    assert not chosen.rules.allows("http://ca.gov.vn/x")


def refresh(server, folder, told, wanted, **settings):
    made = RefreshSettings(fetch=True, hosts=(server.host,), every_hours=12.0)
    made = RefreshSettings(**{**{s: getattr(made, s) for s in made.__slots__}, **settings})
    return Refresh(made, folder, lambda store, now: wanted, lambda at, words: told.append(words))


def test_the_refresh_is_off_unless_the_office_says_so(server, tmp_path):
    told = []
    quiet = refresh(server, tmp_path, told, (), fetch=False)
    quiet.tick(NOW)
    quiet.stop()
    assert not RefreshSettings().fetch
    assert (server.asked, told) == ([], [])


def test_the_refresh_fetches_when_it_is_due_and_tries_again_soon_after_trouble(pki, server, tmp_path):
    pki.write_trust(tmp_path, crls=False)
    told = []
    wanted = (
        Wanted(WantedKind.CRL, "CA", (server.url("/a.crl"),), ""),
        Wanted(WantedKind.CRL, "CB", (server.url("/b.crl"),), ""),
    )
    daily = refresh(server, tmp_path, told, wanted)
    server.answers["/a.crl"] = pki.crls()[0]

    def tick(at):
        daily.tick(at)
        daily.stop()

    tick(NOW)
    assert told == ["trust refresh: 1 added, 1 in vain"]
    tick(NOW + timedelta(minutes=59))
    assert len(server.asked) == 2, "not due yet"
    server.answers["/b.crl"] = pki.crls()[1]
    tick(NOW + timedelta(hours=1))
    assert told[1:] == ["trust refresh: 1 added, 0 in vain"]
    tick(NOW + timedelta(hours=12))
    assert len(server.asked) == 4
    tick(NOW + timedelta(hours=13))
    assert len(server.asked) == 6
    assert len(told) == 2, "nothing new is nothing to tell"


def test_what_is_held_for_evidence_is_asked_for_soon_and_together(server, tmp_path):
    asked = []
    made = RefreshSettings(fetch=True, hosts=(server.host,), every_hours=12.0)
    watch = Refresh(made, tmp_path, lambda store, now: asked.append(now) or (), lambda at, words: None)
    watch.tick(NOW)
    watch.stop()
    for seconds in (10, 11, 12):
        watch.nudge(NOW + timedelta(seconds=seconds))
    for seconds in (20, 41, 120):
        watch.tick(NOW + timedelta(seconds=seconds))
        watch.stop()

    assert asked == [NOW, NOW + timedelta(seconds=41)]
    watch.nudge(NOW + timedelta(minutes=30))  # too soon after the last one
    watch.tick(NOW + timedelta(minutes=31))
    watch.stop()
    assert len(asked) == 2
