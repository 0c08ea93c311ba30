"""Sending to printers: once, whole, without a shell, and with the truth about what is not known."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from splitter import printers
from splitter.errors import InputError, SplitterError
from splitter.printers import send

DOCUMENT = bytes(range(256)) * 4000
LP = """#!/bin/sh
printf '%s\\n' "$@" >> "{directory}/arguments"
cat >> "{directory}/document"
{ending}
"""


class Listener:
    """A printer that takes what it is sent; `heard` has one entry for each connection."""

    def __init__(self, limit: int | None) -> None:
        self.heard: list[bytes] = []
        self._limit = limit
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, once everything that came has been read."""
        self._server.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        self._server.settimeout(0.3)
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        data = b""
        while part := connection.recv(self._limit or 65536):
            data += part
            if self._limit:
                # Closing with data unread, and no lingering, resets the connection.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                break
        self.heard.append(data)


@contextmanager
def listening(limit: int | None = None) -> Iterator[Listener]:
    """A listener; with a `limit` it breaks the connection after so many bytes."""
    listener = Listener(limit)
    try:
        yield listener
    finally:
        listener.close()


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory in front of the path, for a program called lp."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def put_lp(directory: Path, ending: str = "exit 0") -> None:
    program = directory / "lp"
    program.write_text(LP.format(directory=directory, ending=ending), encoding="utf-8")
    program.chmod(0o755)


def test_a_printer_gets_the_document_once_and_whole() -> None:
    """One connection, every byte, nothing else."""
    with listening() as listener:
        send(DOCUMENT, listener.address, "labels", raw=True)
    assert listener.heard == [DOCUMENT]


def test_a_broken_connection_is_not_tried_again() -> None:
    """After the first byte nobody knows what was printed; the error says so, and no second connection is made."""
    with listening(limit=10) as listener:
        with pytest.raises(SplitterError, match="may or may not have been printed") as caught:
            send(DOCUMENT * 8, listener.address, "labels", raw=True)
        assert caught.value.exit_code == 3
    assert [len(data) for data in listener.heard] == [10]


def test_a_printer_that_stops_reading_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer out of paper holds the connection; after a while that is an error, not a hanging program."""
    monkeypatch.setattr(printers, "_SENDING", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(SplitterError, match=r"no answer in time\); it may or may not"),
    ):
        send(DOCUMENT * 40, f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)


def test_a_printer_that_keeps_the_line_open_has_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many printers never close their side; what they have taken whole is not in doubt."""
    monkeypatch.setattr(printers, "_CLOSING", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        send(b"^XA^XZ", f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)
        connection, _ = server.accept()
        with connection:
            assert connection.recv(100) == b"^XA^XZ"


def test_a_printer_that_is_not_there_got_nothing() -> None:
    """When the connection is refused, that nothing was sent is certain, and said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SplitterError, match="nothing was sent"):
        send(DOCUMENT, f"tcp://127.0.0.1:{port}", "labels", raw=True)


@pytest.mark.parametrize(("raw", "option"), [(True, "raw"), (False, "print-scaling=none")])
def test_a_queue_gets_the_document_on_standard_input(lp: Path, raw: bool, option: str) -> None:
    """`lp` is run once with the queue, the title and how to print; the document never touches a file."""
    put_lp(lp)
    send(DOCUMENT, "label_printer", "Pharmacy labels; $(touch x)", raw=raw)
    arguments = (lp / "arguments").read_text(encoding="utf-8").splitlines()
    assert arguments == ["-d", "label_printer", "-t", "Pharmacy labels; $(touch x)", "-o", option]
    assert (lp / "document").read_bytes() == DOCUMENT


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("echo 'lp: The printer or class does not exist.' >&2; exit 1", "does not exist"),
        ("exit 7", "exit code 7"),
        ("kill -9 $$", "may or may not have been printed"),
        ("sleep 5", "may or may not have been printed"),
    ],
    ids=["unknown", "silent", "killed", "hangs"],
)
def test_what_lp_says_is_passed_on(lp: Path, monkeypatch: pytest.MonkeyPatch, ending: str, said: str) -> None:
    """A refusal has its reason; an lp that dies or hangs leaves it open, and isn't run again."""
    monkeypatch.setattr(printers, "_SENDING", 0.5)
    put_lp(lp, ending)
    with pytest.raises(SplitterError, match=said):
        send(b"x", "queue", "labels", raw=True)
    assert (lp / "document").read_bytes() == b"x"


def test_a_missing_lp_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CUPS there is a remedy."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SplitterError, match="install the client of CUPS"):
        send(b"x", "queue", "labels", raw=True)


@pytest.mark.parametrize(
    "printer",
    ["", "-o", "two words", "a/b", "a#b", "a\nb", "tcp://", "tcp://:9100", "tcp://host:0", "tcp://host:70000",
     "tcp://host:x", "tcp://host/path", "tcp://user@host", "http://host", "file:///etc/passwd", "tcp://[::1"],
)  # fmt: skip
def test_what_is_no_printer_is_refused(lp: Path, printer: str) -> None:
    """Neither a queue's name nor an address: bad input, and nothing is run."""
    put_lp(lp)
    with pytest.raises(InputError, match="--print"):
        send(b"x", printer, "labels", raw=True)
    assert not (lp / "arguments").exists()
