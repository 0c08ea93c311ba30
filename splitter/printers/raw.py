"""A printer that listens at an address: what is sent, for how long, and what the printer says before and after.

A ZPL printer answers `~HS` with its host status. One that answers is asked before anything is printed, so that a
label isn't sent to a printer without paper, and after, until it has printed. Many print servers never answer.
"""

from __future__ import annotations

import socket
import time

from splitter.errors import SplitterError
from splitter.printers.status import ASK, Status, read_status
from splitter.printers.uncertain import UNCERTAIN, on_its_way

# Seconds: until a printer has answered the connection; until the document is sent and printed, in all; that a printer
# has to say how it is; that one which says nothing has to close its side; between two questions.
_CONNECTING, _DEADLINE, _ANSWERING, _CLOSING, _BETWEEN = 5.0, 45.0, 1.5, 2.0, 0.3
PRINTED = "printed, as the printer says"
NOT_CONFIRMED = "sent, not confirmed: the printer says nothing; look whether it was printed"
_STILL_PRINTING = "sent, not confirmed: the printer has not finished yet; look whether it was printed"


def to_socket(document: bytes, host: str, port: int) -> str:
    """Send ZPL to a listening printer; returns what is known of it. Raises SplitterError."""
    name = f"{host}:{port}"
    try:
        connection = socket.create_connection((host, port), timeout=_CONNECTING)
    except OSError as error:
        raise SplitterError(f"{name}: nothing was sent ({why(error)})") from None
    deadline = time.monotonic() + _DEADLINE
    with connection:
        before = _asked_before(connection, name)
        if before is not None and before.fault:
            raise SplitterError(f"{name}: nothing was sent ({before.fault})")
        with on_its_way(name):
            try:
                return _sent(connection, document, deadline, answers=before is not None)
            except OSError as error:
                raise SplitterError(f"{name}: the connection broke ({why(error)}); {UNCERTAIN}") from None
            except _FaultError as error:
                raise SplitterError(f"{name}: {error}; {UNCERTAIN}") from None


class _FaultError(Exception):
    """The printer stopped while it printed; says why."""


def _asked_before(connection: socket.socket, name: str) -> Status | None:
    try:
        return _ask(connection, time.monotonic() + _ANSWERING)
    except OSError as error:
        raise SplitterError(f"{name}: nothing was sent ({why(error)})") from None


def _sent(connection: socket.socket, document: bytes, deadline: float, *, answers: bool) -> str:
    connection.settimeout(_left(deadline))
    connection.sendall(document)  # its time-out is that of the whole document
    if answers:
        return _followed(connection, deadline)
    connection.shutdown(socket.SHUT_WR)
    _await_end(connection, min(deadline, time.monotonic() + _CLOSING))
    return NOT_CONFIRMED


def _followed(connection: socket.socket, deadline: float) -> str:
    """Ask until the printer has nothing left to print. Raises _FaultError where it stops before."""
    while time.monotonic() < deadline:
        status = _ask(connection, min(deadline, time.monotonic() + _ANSWERING))
        if status is None:
            return NOT_CONFIRMED
        if status.fault:
            raise _FaultError(status.fault)
        if status.is_idle:
            return PRINTED
        time.sleep(_BETWEEN)
    return _STILL_PRINTING


def _ask(connection: socket.socket, deadline: float) -> Status | None:
    """What the printer says of itself; None where it doesn't, or something else, before the deadline."""
    connection.settimeout(_left(deadline))
    connection.sendall(ASK)
    answer = b""
    while (status := read_status(answer)) is None and time.monotonic() < deadline:
        connection.settimeout(_left(deadline))
        try:
            part = connection.recv(4096)
        except TimeoutError:
            return None
        if not part:
            return None
        answer += part
    return status


def _await_end(connection: socket.socket, deadline: float) -> None:
    """Give the printer a moment to close its side; one that lost the document breaks the connection instead."""
    while time.monotonic() < deadline:
        connection.settimeout(_left(deadline))
        try:
            if not connection.recv(4096):
                return
        except TimeoutError:
            return


def _left(deadline: float) -> float:
    """The seconds until the deadline, at least a moment: 0 would mean not to wait at all."""
    return max(deadline - time.monotonic(), 0.001)


def why(error: OSError) -> str:
    """The reason of a lost connection."""
    return "no answer in time" if isinstance(error, TimeoutError) else error.strerror or str(error)
