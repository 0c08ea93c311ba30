"""A real CUPS: its scheduler with a queue that writes PDF, started here and ended here, where both are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from splitter.errors import SplitterError
from splitter.printers import send
from tests.functional.conftest import Run, Write

_SCHEDULER = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_ADMIN = shutil.which("lpadmin", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_BACKEND = Path("/usr/lib/cups/backend/cups-pdf")
_DRIVER = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"
_QUEUE = "Splitter_PDF"
_STARTING, _PRINTING = 10.0, 20.0

pytestmark = [
    pytest.mark.skipif(
        not (_SCHEDULER and _ADMIN and _BACKEND.is_file()),
        reason="CUPS is not installed: Debian's cups and printer-driver-cups-pdf",
    ),
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may start a scheduler with this queue"
    ),
]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory into which the queue of a scheduler of our own prints: what is new in it is removed again."""
    root, output = Path(tempfile.mkdtemp()), Path(pwd.getpwuid(os.geteuid()).pw_dir) / "PDF"
    root.chmod(0o755)  # its filters run as another user
    for name in ("spool", "cache", "state"):
        (root / name).mkdir()
    before = set(output.glob("*"))
    socket = root / "cups.sock"
    (root / "cups-files.conf").write_text(
        f"ServerRoot {root}\nRequestRoot {root}/spool\nCacheDir {root}/cache\nStateDir {root}/state\n"
        f"ErrorLog {root}/error\nAccessLog {root}/access\nPageLog {root}/page\nSystemGroup root lpadmin\n"
    )
    (root / "cupsd.conf").write_text(
        f"Listen {socket}\nBrowsing Off\nWebInterface No\nMaxLogSize 0\n"
        "<Location />\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nAllow all\n</Limit>\n</Policy>\n"
    )
    monkeypatch.setenv("CUPS_SERVER", str(socket))
    assert _SCHEDULER is not None
    assert _ADMIN is not None
    command = [_SCHEDULER, "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as scheduler:
        try:
            deadline = time.monotonic() + _STARTING
            while not socket.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            subprocess.run([_ADMIN, "-p", _QUEUE, "-v", "cups-pdf:/", "-P", _DRIVER, "-E"], check=True)
            yield output
        finally:
            scheduler.terminate()
            scheduler.wait(_PRINTING)
            for made in set(output.glob("*")) - before:
                made.unlink()
            shutil.rmtree(root)


def _documents(output: Path) -> list[Path]:
    """What the queue has printed, once it has."""
    deadline = time.monotonic() + _PRINTING
    while time.monotonic() < deadline:
        found = list(output.glob("*.pdf"))
        if found and all(path.stat().st_size for path in found):
            time.sleep(0.5)  # a second one would come as soon
            return list(output.glob("*.pdf"))
        time.sleep(0.2)
    return []


def test_labels_go_through_a_real_queue_once(printed: Path, run: Run, rx: Write, tmp_path: Path) -> None:
    """The command says as which job they are queued; what comes out holds every label, with its words."""
    assert run("fill", rx(), "-o", tmp_path / "out").code == 0
    labels = tmp_path / "labels.pdf"
    ran = run("labels", tmp_path / "out" / "plan.json", "--print", _QUEUE, "-o", labels)
    assert ran.code == 0, ran.err
    assert f"{_QUEUE}: queued as {_QUEUE}-1" in ran.err
    (document,) = _documents(printed)
    made, came = (pypdf.PdfReader(path).pages for path in (labels, document))
    assert len(came) == len(made)
    for page, label in zip(came, made, strict=True):
        words = {word for word in label.extract_text().split() if word.isascii() and word.isalnum()}
        assert len(words) > 10
        assert words <= set(page.extract_text().split())


@pytest.mark.usefixtures("printed")
def test_a_queue_that_is_not_there_is_told_in_its_own_words() -> None:
    """Nothing was printed anywhere else."""
    with pytest.raises(SplitterError, match="lp did not take the document"):
        send(b"%PDF-1.4", "No_Such_Queue", "labels", raw=False)
