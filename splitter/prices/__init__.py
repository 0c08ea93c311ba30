"""Published price lists: read, matched to the products of formularies, and written as an overlay of them."""

from __future__ import annotations
