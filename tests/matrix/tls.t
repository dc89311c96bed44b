#!/usr/bin/env python3
"""TLS: a server that is not who it should be gets not one byte of a token.

The certificates are real ones, made here; the homeserver stands behind a small
proxy that ends TLS and keeps all that the bot sends.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import warnings

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
import process  # noqa: E402
from bot import Clock  # noqa: E402
from mock import PASSWORD  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402


def openssl(folder, *args):
    done = subprocess.run(["openssl", *args], cwd=folder, capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)


class Authority:
    """Makes certificates, and is trusted by who has its ca.pem."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.lock = threading.Lock()  # of its index and serial number
        openssl(self.folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key",
                "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "30")
        self.ca_file = self.folder / "ca.pem"
        (self.folder / "index").write_text("")
        (self.folder / "serial").write_text("1000\n")
        (self.folder / "ca.conf").write_text(
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n"
            "certificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=p\n"
            "copy_extensions=copy\n[p]\ncommonName=supplied\n")

    def certificate(self, name, names, begin="20200101000000Z", end="20990101000000Z",
                    self_signed=False):
        """Files of a key and a certificate for names such as DNS:localhost."""
        request = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key",
                   "-subj", "/CN=" + name, "-addext", "subjectAltName=" + names]
        if self_signed:
            openssl(self.folder, *request, "-x509", "-days", "30", "-out", name + ".pem")
        else:
            openssl(self.folder, *request, "-out", name + ".csr")
            with self.lock:
                openssl(self.folder, "ca", "-batch", "-config", "ca.conf", "-startdate", begin,
                        "-enddate", end, "-in", name + ".csr", "-out", name + ".pem", "-notext")
        return self.folder / (name + ".pem"), self.folder / (name + ".key")


class Proxy:
    """Ends TLS in front of a port, and keeps what came through."""

    def __init__(self, port_behind, certificate, newest=None, port=0):
        self.port_behind = port_behind
        self.seen = bytearray()  # what the bot has said inside TLS
        self.raw = bytearray()   # and what was on the wire before it
        self.tries = 0
        self.failures = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.set_alpn_protocols(["http/1.1"])
        if newest:
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = newest
            context.set_ciphers("ALL:@SECLEVEL=0")
        self.context = context
        self.server = socket.create_server(("127.0.0.1", port))
        self.port = self.server.getsockname()[1]
        self.open = True
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.open:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            self.tries += 1
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            peer.settimeout(90)
            self.raw += peer.recv(65536, socket.MSG_PEEK)
            inside = self.context.wrap_socket(peer, server_side=True)
        except (OSError, ssl.SSLError) as error:
            self.failures.append(str(error))
            peer.close()
            return
        behind = socket.create_connection(("127.0.0.1", self.port_behind))
        threading.Thread(target=self.pump, args=(behind, inside), daemon=True).start()
        self.pump(inside, behind, self.seen)

    @staticmethod
    def pump(source, target, copy=None):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if copy is not None:
                    copy += data
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
                end.close()

    def close(self):
        self.open = False
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)  # ends accept()
        self.server.close()


warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 is meant
authority = Authority()
NAMES = "DNS:localhost,IP:127.0.0.1"


@contextlib.contextmanager
def behind_tls(certificate, ca_file=None, newest=None, **options):
    with scene(start=False, **options) as s:
        proxy = Proxy(s.mock.port, certificate, newest)
        try:
            s.bot.configure(matrix={"homeserver": f"https://localhost:{proxy.port}",
                                    "ca_file": ca_file})
            yield s, proxy
        finally:
            s.bot.close()
            proxy.close()


def refuses(certificate, ca_file=authority.ca_file, newest=None, **options):
    """Nothing is said, whether it gives up or tries again. (With TLS 1.3 a client
    says only after the handshake that it does not like the certificate.)"""
    with behind_tls(certificate, ca_file, newest, **options) as (s, proxy):
        s.bot.start(sync=False)
        s.bot.wait_log("(?i)certificat|TLS|SSL")
        check(proxy.tries, "it never looked at the certificate")
        same(bytes(proxy.seen), b"", "said to the wrong server")
        check(PASSWORD.encode() not in proxy.raw)
        same(s.mock.log(received=1), [])
        if s.bot.running():
            same(s.bot.stop(), 0, "exit status")


@case("FA11 the good case: a certificate that ca_file vouches for")
def good():
    with behind_tls(authority.certificate("good", NAMES), authority.ca_file) as (s, proxy):
        s.bot.start()
        s.ask()
        check(b"Bearer syt_" in proxy.seen)
        same(proxy.failures, [])
        check(proxy.tries < 10, f"{proxy.tries} connections: they are not kept")


@case("FA11 an expired certificate, and one that is not valid yet: refused")
def expired():
    refuses(authority.certificate("expired", NAMES, end="20200201000000Z"))
    refuses(authority.certificate("early", NAMES, begin="20980101000000Z"))


@case("FA11 a certificate for another host: refused")
def wrong_host():
    refuses(authority.certificate("other", "DNS:example.org,IP:127.0.0.2"))


@case("FA11 a self-signed certificate, and one of an authority that is not trusted: refused")
def self_signed():
    refuses(authority.certificate("selfish", NAMES, self_signed=True))
    refuses(authority.certificate("stranger", NAMES), ca_file=None)
    refuses(authority.certificate("second", NAMES), ca_file=Authority().ca_file)


@case("FA11 TLS 1.0 and 1.1: refused")
def old_versions():
    # What OpenSSL is told on this machine may refuse them as well: not here.
    lax = authority.folder / "lax.conf"
    lax.write_text("openssl_conf=o\n[o]\nssl_conf=s\n[s]\nsystem_default=d\n[d]\n"
                   "MinProtocol=TLSv1\nCipherString=ALL:@SECLEVEL=0\n")
    certificate = authority.certificate("old", NAMES)
    for newest in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        refuses(certificate, newest=newest, environment={"OPENSSL_CONF": str(lax)})


@case("FA11 TLS 1.2 is enough")
def tls_1_2():
    with behind_tls(authority.certificate("twelve", NAMES), authority.ca_file,
                    ssl.TLSVersion.TLSv1_2) as (s, _):
        s.bot.start()
        s.ask()


@case("FA11 a ca_file that is not there: one line, exit status 1")
def no_ca_file():
    with behind_tls(authority.certificate("any", NAMES), "/nonexistent/ca.pem") as (s, proxy):
        s.bot.start(sync=False)
        same(s.bot.ended(), 1, "exit status")
        same(len(s.bot.lines), 1, s.bot.log())
        same(bytes(proxy.seen), b"")


@case("FA11 the certificate goes bad while the bot runs: it waits, and says nothing to anybody")
def goes_bad():
    with behind_tls(authority.certificate("was-good", NAMES), authority.ca_file) as (s, proxy):
        s.bot.start()
        s.ask()
        port = proxy.port
        proxy.close()
        s.mock.offline()
        s.mock.online()
        # Another server on the old port: the same address, another key.
        bad = Proxy(s.mock.port, authority.certificate("now-bad", "DNS:example.org"), port=port)
        try:
            event = s.mock.say(s.room, "alice", "!q gil")
            until(lambda: bad.tries, "it looks at the certificate")
            s.bot.wait_log("(?i)certificat|TLS|SSL")
            same(bytes(bad.seen), b"")
            check(s.bot.running())
        finally:
            bad.close()
        again = Proxy(s.mock.port, authority.certificate("good-again", NAMES), port=port)
        s.mock.answer_to(s.room, event, timeout=90)
        again.close()


WELL_KNOWN = "/.well-known/matrix/client"


@contextlib.contextmanager
def by_name(name):
    """The homeserver is to be found by its name; and the rule that says where."""
    with behind_tls(authority.certificate(name, NAMES), authority.ca_file,
                    clock=Clock(rate=30), server={"speed": 30}) as (s, proxy):
        s.bot.configure(matrix={"homeserver": f"localhost:{proxy.port}"})

        def tell(path):
            return s.mock.rule(WELL_KNOWN, status=200, body={
                "m.homeserver": {"base_url": f"https://localhost:{proxy.port}{path}"}})
        yield s, proxy, tell


@case("discovery: by the well-known file, or by the name alone where there is none")
def discovery():
    with by_name("found") as (s, proxy, tell):
        tell("/")
        s.bot.start()
        s.ask()
        same([r["path"] for r in s.mock.log(received=1)][:3],
             [WELL_KNOWN, "/_matrix/client/versions", "/_matrix/client/v3/login"])
    with by_name("plain") as (s, proxy, _):
        s.mock.rule(WELL_KNOWN, status=404, body="")
        s.bot.start()
        s.ask()


@case("discovery: no password goes to what does not answer as a homeserver; it is waited for")
def no_homeserver():
    with by_name("wrong") as (s, proxy, tell):
        wrong = tell("/elsewhere/")
        s.bot.start(sync=False)
        s.bot.wait_log("/elsewhere does not answer as the homeserver of localhost", n=2)
        versions = [s.mock.rule("/_matrix/client/versions", times=1, **fault) for fault in (
            {"status": 200, "body": "{}"}, {"status": 200, "body": '{"versions":[]}'},
            {"status": 404, "body": "404 page not found"}, {"status": 503, "body": ""},
            {"status": 301, "headers": {"Location": "https://new.example/"}, "body": ""})]
        s.mock.drop_rule(wrong)
        tell("")
        until(lambda: all(s.mock.hits(rule) for rule in versions), "all of them are met")
        check(PASSWORD.encode() not in proxy.seen, "the password was sent")
        s.bot.wait_log("in sync")
        s.ask()


@case("discovery: znatok login sends no password to what does not answer as a homeserver")
def no_homeserver_login():
    with by_name("login") as (s, proxy, tell):
        wrong = tell("/elsewhere")

        def login():
            return subprocess.run(
                [process.BUILD / "znatok", "login", "--config", s.bot.conf], text=True,
                input=f"localhost:{proxy.port}\nznatok\n{PASSWORD}\n", capture_output=True,
                env=s.bot.environ(), timeout=process.PATIENCE)
        done = login()
        same(done.returncode, 1)
        check("does not answer as the homeserver" in done.stderr, done.stderr)
        check(PASSWORD.encode() not in proxy.seen, "the password was sent")
        s.mock.drop_rule(wrong)
        tell("/")
        done = login()
        same(done.returncode, 0, done.stderr)


@case("HTTP/2, where the server offers it")
def http2():
    program = shutil.which("nghttpx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    check(program, "there is no nghttpx: .ci/deps test")
    with scene(start=False) as s:
        certificate, key = authority.certificate("two", NAMES)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        access = s.bot.folder / "access"
        proxy = process.start([program, f"--frontend=127.0.0.1,{port}", f"--backend=127.0.0.1,{s.mock.port}",
                       "--no-ocsp", f"--accesslog-file={access}", "--accesslog-format=$alpn",
                       "--errorlog-file=/dev/null", "--workers=1", key, certificate],
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            s.bot.configure(matrix={"homeserver": f"https://localhost:{port}",
                                    "ca_file": authority.ca_file})
            s.bot.start()
            events = [s.mock.say(s.room, "alice", f"!q word-{i}") for i in range(20)]
            s.answered(*events)
            same(set(until(lambda: access.read_text().split(), "a log")), {"h2"})
        finally:
            s.bot.close()
            process.kill(proxy)


try:
    main()
finally:
    shutil.rmtree(authority.folder)
