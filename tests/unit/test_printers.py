"""Sending to printers: once, whole, without a shell, and with the truth about what is not known."""

from __future__ import annotations

import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from splitter.errors import InputError, SplitterError
from splitter.printers import InterruptedPrintError, queue, raw, send
from splitter.printers.status import ASK

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
        while part := connection.recv(self._limit - len(data) if self._limit else 65536):
            data += part
            if self._limit and len(data) == self._limit:
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


def status_of(*, paper_out: int = 0, paused: int = 0, formats: int = 0, remaining: int = 0) -> bytes:
    """A printer's answer to ~HS, as the ZPL guide has it."""
    first = f"030,{paper_out},{paused},0405,{formats:03},0,0,0,000,0,0,0"
    second = f"000,0,0,0,0,2,4,0,{remaining:08},1,000"
    return b"".join(f"\x02{line}\x03\r\n".encode() for line in (first, second, "1234,0"))


@contextmanager
def answering(answers: Sequence[bytes]) -> Iterator[Printer]:
    """A ZPL printer that answers one question after the other so; the last answer again and again."""
    printer = Printer(answers)
    try:
        yield printer
    finally:
        printer.close()


class Printer:
    """What it printed is all that came but the questions."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.heard = b""
        self._answers = list(answers)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def printed(self) -> bytes:
        return self.heard.replace(ASK, b"")

    def close(self) -> None:
        self._server.close()
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection:
            asked = 0
            while part := connection.recv(65536):
                self.heard += part
                while self.heard.count(ASK) > asked:
                    asked += 1
                    connection.sendall(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])


def test_a_printer_gets_the_document_once_and_whole() -> None:
    """One connection, the question how it is, every byte, nothing else; one that doesn't answer confirms nothing."""
    with listening() as listener:
        assert send(DOCUMENT, listener.address, "labels", raw=True).startswith("sent, not confirmed")
    assert listener.heard == [ASK + DOCUMENT]


def test_a_printer_that_says_that_it_has_printed_is_believed() -> None:
    """After the last format is out of its buffer and the last label of the batch is printed."""
    waiting = (status_of(formats=2), status_of(remaining=1), status_of())
    with answering((status_of(), *waiting)) as printer:
        assert send(DOCUMENT, printer.address, "labels", raw=True) == "printed, as the printer says"
    assert printer.printed == DOCUMENT


@pytest.mark.parametrize(
    ("status", "said"),
    [(status_of(paper_out=1), "it is out of paper"), (status_of(paused=1), "it is paused")],
)
def test_a_printer_that_cannot_print_is_sent_nothing(status: bytes, said: str) -> None:
    """It would keep the labels and print them when somebody has long printed them elsewhere."""
    with (
        answering((status,)) as printer,
        pytest.raises(SplitterError, match=rf"nothing was sent \({said}\)"),
    ):
        send(DOCUMENT, printer.address, "labels", raw=True)
    assert printer.printed == b""


def test_a_printer_that_stops_while_it_prints_leaves_it_uncertain() -> None:
    """Out of paper after some labels: nobody knows how many there are."""
    with (
        answering((status_of(), status_of(formats=1), status_of(paper_out=1))) as printer,
        pytest.raises(SplitterError, match=r"it is out of paper; it may or may not have been printed"),
    ):
        send(DOCUMENT, printer.address, "labels", raw=True)


@pytest.mark.parametrize("later", [b"", b"hello", status_of()[:30]], ids=["nothing", "something else", "a part"])
def test_an_answer_that_is_no_status_confirms_nothing(monkeypatch: pytest.MonkeyPatch, later: bytes) -> None:
    """Before or after: then it isn't said that it has printed."""
    monkeypatch.setattr(raw, "_ANSWERING", 0.2)
    monkeypatch.setattr(raw, "_CLOSING", 0.2)
    for answers in ((later,), (status_of(), later)):
        with answering(answers) as printer:
            assert send(DOCUMENT, printer.address, "labels", raw=True).startswith("sent, not confirmed")
        assert printer.printed == DOCUMENT


def test_a_printer_that_never_gets_ready_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question is answered, but the formats stay where they are."""
    monkeypatch.setattr(raw, "_DEADLINE", 0.8)
    with answering((status_of(), status_of(formats=1))) as printer:
        known = send(DOCUMENT, printer.address, "labels", raw=True)
    assert known == "sent, not confirmed: the printer has not finished yet; look whether it was printed"


@pytest.mark.parametrize("when", ["asked", "sent"])
def test_a_printer_that_sends_byte_by_byte_holds_nobody(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """One deadline for all of it: a byte now and then doesn't begin it anew."""
    monkeypatch.setattr(raw, "_ANSWERING", 0.3)
    monkeypatch.setattr(raw, "_CLOSING", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                while not ended.wait(0.05):
                    try:
                        connection.sendall(b"\x02" if when == "asked" else b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        known = send(b"^XA^XZ", f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)
        spent = time.monotonic() - began
        ended.set()
        thread.join()
    assert known.startswith("sent, not confirmed")
    assert spent < 5


def test_an_interruption_after_the_first_byte_leaves_it_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person who pressed Ctrl-C is told to look; the exit code is that of an interruption."""
    monkeypatch.setattr(raw, "_CLOSING", 20.0)
    monkeypatch.setattr(raw, "_ANSWERING", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(InterruptedPrintError, match="interrupted; it may or may not have been printed") as caught:
            send(b"^XA^XZ", f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)
        timer.join()
    assert caught.value.exit_code == 130


def test_an_interruption_of_lp_leaves_it_uncertain(lp: Path) -> None:
    """The queue may have the job already."""
    put_lp(lp, "sleep 5")
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(InterruptedPrintError, match="queue: interrupted; it may or may not have been printed"):
        send(b"x", "queue", "labels", raw=True)
    timer.join()


def test_a_broken_connection_is_not_tried_again() -> None:
    """After the first byte nobody knows what was printed; the error says so, and no second connection is made."""
    with listening(limit=10) as listener:
        with pytest.raises(SplitterError, match="may or may not have been printed") as caught:
            send(DOCUMENT * 8, listener.address, "labels", raw=True)
        assert caught.value.exit_code == 3
    assert [len(data) for data in listener.heard] == [10]


def test_a_printer_that_stops_reading_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer out of paper holds the connection; after a while that is an error, not a hanging program."""
    monkeypatch.setattr(raw, "_DEADLINE", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(SplitterError, match=r"no answer in time\); it may or may not"),
    ):
        send(DOCUMENT * 40, f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)


def test_a_printer_that_never_reads_has_confirmed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system took the bytes, not the printer; many printers never close their side either."""
    monkeypatch.setattr(raw, "_CLOSING", 0.1)
    monkeypatch.setattr(raw, "_ANSWERING", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        known = send(b"^XA^XZ", f"tcp://127.0.0.1:{server.getsockname()[1]}", "labels", raw=True)
        assert known == "sent, not confirmed: the printer says nothing; look whether it was printed"
        connection, _ = server.accept()
        with connection:
            assert connection.recv(100) == ASK + b"^XA^XZ"


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
    monkeypatch.setattr(queue, "_SENDING", 0.5)
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
