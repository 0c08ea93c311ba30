"""A taper that is changed under way: what is at home by then (`remains`), the new prescription and plan (`amend`), and
all amendments back to the first (`chain`)."""

from splitter.service.amending.amend import Amended, Order, Replaced, amend
from splitter.service.amending.chain import Link, check_chain

__all__ = ["Amended", "Link", "Order", "Replaced", "amend", "check_chain"]
