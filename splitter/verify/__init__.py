"""The independent check: a plan is re-added from the raw inputs, figure by figure.

It shares nothing with the search or the supply rules but the records: the same wrong idea must not
be able to both make a plan and pass it. `verify` compares a plan with the prescription, the pharmacy
and the formulary; `check_consistency` re-adds what a plan file says about itself.
"""

from splitter.verify.consistency import check_consistency
from splitter.verify.whole import verify

__all__ = ["check_consistency", "verify"]
