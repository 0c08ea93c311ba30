"""Whether a plan that was read from a file is what was written there."""

from __future__ import annotations

from collections.abc import Iterator

from splitter.plan import Finding, Plan
from splitter.verify.findings import stop


def check_seal(plan: Plan) -> Iterator[Finding]:
    """The file's seal fits all that it says; a plan that was never a file has none to ask for."""
    if plan.seal == "":
        said = "the file has no seal that fits what it says: it was changed after it was written, or is not whole"
        yield stop("verify-seal", "plan", f"{said}; make the plan again")
