"""A proxy between the bot and Synapse that does as it is told.

    with Proxy(server.url) as proxy:
        proxy.rule("PUT", "/send/", "cut")               # forwards, cuts, no answer
        proxy.rule("PUT", "/send/", 502, skip=2, times=2)   # answers by itself
        held = proxy.rule("PUT", "/send/", "hold")       # until held.release()
        ...
        puts = proxy.requests("PUT", "/send/")

A rule acts on the requests that match method and path (a regular expression),
times of them after the first skip. Otherwise requests are forwarded.
"""

import http.client
import http.server
import re
import socketserver
import threading
import time
import urllib.parse


class Rule:
    def __init__(self, method, path, action, skip, times, body):
        self.method, self.path, self.action = method, re.compile(path), action
        self.skip, self.times, self.body = skip, times, body
        self.reached = threading.Event()  # a request is held
        self.go_on = threading.Event()

    def takes(self, method, path):
        if method != self.method or not self.path.search(path) or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def release(self):
        self.go_on.set()


class Request:
    def __init__(self, method, path, body):
        self.method, self.path, self.body = method, path, body
        self.at = time.monotonic()
        self.status = None  # None: not answered; "cut": answered to nobody
        self.answer = b""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        """The other side went away: that is what the tests are about."""


class Proxy:
    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream)
        self.rules, self.log = [], []
        self.lock = threading.Lock()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            upstream = None

            def handle_one(self):
                proxy.handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = handle_one

            def log_message(self, *words):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *reason):
        for rule in self.rules:
            rule.release()
        self.server.shutdown()
        self.server.server_close()

    def rule(self, method, path, action, skip=0, times=1, body=b"{}"):
        rule = Rule(method, path, action, skip, times, body)
        with self.lock:
            self.rules.append(rule)
        return rule

    def requests(self, method, path):
        with self.lock:
            return [r for r in self.log if r.method == method and re.search(path, r.path)]

    # ---- one request ----

    def handle(self, client):
        body = client.rfile.read(int(client.headers.get("Content-Length") or 0))
        request = Request(client.command, client.path, body)
        with self.lock:
            self.log.append(request)
            rule = next((r for r in self.rules if r.takes(request.method, request.path)), None)
        action = rule.action if rule else None
        if action == "hold":
            rule.reached.set()
            rule.go_on.wait()
        if isinstance(action, int):
            self.reply(client, request, action, {"Content-Type": "application/json"}, rule.body)
            return
        status, headers, answer = self.forward(client, request)
        if action == "cut":
            request.status, request.answer = "cut", answer
            client.close_connection = True
            return
        self.reply(client, request, status, headers, answer)

    def forward(self, client, request):
        headers = {name: value for name, value in client.headers.items()
                   if name.lower() not in ("host", "connection")}
        for attempt in (1, 2):
            fresh = client.upstream is None
            if fresh:
                client.upstream = http.client.HTTPConnection(
                    self.upstream.hostname, self.upstream.port, timeout=120)
            try:
                client.upstream.request(request.method, request.path, request.body, headers)
                response = client.upstream.getresponse()
                return response.status, dict(response.getheaders()), response.read()
            except (http.client.HTTPException, OSError):
                client.upstream = None
                if fresh:
                    raise
        raise AssertionError

    def reply(self, client, request, status, headers, body):
        request.status, request.answer = status, body
        client.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection",
                                    "server", "date"):
                client.send_header(name, value)
        client.send_header("Content-Length", str(len(body)))
        client.end_headers()
        client.wfile.write(body)
