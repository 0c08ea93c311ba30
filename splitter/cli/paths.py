"""Names of files and directories on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class _NamedPath(click.Path):
    """A path that has a name: an empty one, as of a variable that a script has not set, would mean where one stands."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails as wrong usage where the name is empty."""
        if not str(value):
            self.fail("an empty name; name a file or a directory", param, ctx)
        return super().convert(value, param, ctx)


PATH = _NamedPath(path_type=Path)
"""The type of every argument and option that names a file or a directory; - is one too."""
