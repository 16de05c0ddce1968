"""Mirrors that send too much, too slowly, too little or a bomb: given up within known bounds."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geoflow.ground.errors import InputError
from geoflow.learning import downloads

FILE = "t10k-labels-idx1-ubyte"
BOMB = gzip.compress(bytes(5_000_000))


class Mirror(BaseHTTPRequestHandler):
    """Behaves as the first part of the path says."""

    def do_GET(self):
        kind = self.path.split("/")[1]
        length = {"short": 1000, "bomb": len(BOMB)}.get(kind, 10**9)
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        try:
            if kind == "bomb":
                self.wfile.write(BOMB)
            if kind == "short":
                self.wfile.write(bytes(10))
            while kind == "endless":
                self.wfile.write(bytes(10_000))
            while kind == "trickle":
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:  # it was given up
            pass

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as made:
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}"
        made.shutdown()


@pytest.mark.parametrize(
    "kind, reason",
    [("endless", "OSError"), ("trickle", "TimeoutError"), ("short", "ConnectionError"), ("bomb", "ValueError")],
)
def test_a_mirror_that_misbehaves_is_given_up(server, kind, reason, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(downloads, "LONGEST", 1.0)
    monkeypatch.setitem(downloads.MIRRORS, "mnist", (f"{server}/{kind}/",))
    began = time.monotonic()
    with pytest.raises(InputError, match=rf"no mirror gave {FILE}.gz \(.*: ({reason})\); try again"):
        downloads.read_verified("mnist", FILE, tmp_path)
    assert time.monotonic() - began < 8
    assert list(tmp_path.rglob("*.gz")) == []


def test_a_bomb_is_unpacked_no_further_than_the_known_size(monkeypatch):
    peak = []

    class Unpacker:
        def __init__(self, wbits):
            self.inner = zlib_decompressobj(wbits=wbits)
            self.eof = False

        def decompress(self, packed, most):
            peak.append(len(made := self.inner.decompress(packed, most)))
            return made

    zlib_decompressobj = downloads.zlib.decompressobj
    monkeypatch.setattr(downloads.zlib, "decompressobj", Unpacker)
    with pytest.raises(ValueError, match="expected 10008 bytes when unpacked, got more"):
        downloads._content(BOMB, "mnist", FILE)
    assert peak == [10_009]
