"""The seal of a plan file: a digest over all that the file says, made when it is written, checked when it is read.

It shows that a figure was changed, a finding taken out, a line lost on the way. All that stands in the file is under
it, fields that this version does not know too. It is no signature: whoever changes a plan on purpose can make another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"
_KIND = "sha256 of all else, no signature"


def seal_of(fields: Mapping[str, Any]) -> str:
    """The seal of the fields of a plan file, whatever seal they bear; their order and the blanks between don't count.

    >>> seal_of({"total": "71.94", "seal": ""}) == seal_of({"total": "71.94"}) != seal_of({"total": "71.95"})
    True
    """
    content = {name: value for name, value in fields.items() if name != SEAL}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"{_KIND}: {hashlib.sha256(text.encode()).hexdigest()}"
