"""One prescription asked again and again under changed settings."""

from __future__ import annotations

from dataclasses import replace

from splitter.optimise import LimitReachedError, Limits, Progress
from splitter.plan import Plan
from splitter.prescription import Policy, Prefer
from splitter.service.comparison.settings import Settings, policy_of, with_settings
from splitter.service.inputs import Inputs
from splitter.service.planning import attempt


class Asking:
    """Plans a prescription under changed settings, each policy only once; `limits` are those of each plan.

    `progress` is told of each plan made, of `expected` in all.
    """

    def __init__(self, inputs: Inputs, limits: Limits | None, progress: Progress | None, expected: int) -> None:
        self.inputs = inputs
        self._limits = limits
        self._progress = progress
        self._expected = expected
        self._plans: dict[Policy, Plan | None] = {}

    def plan(self, settings: Settings) -> Plan | None:
        """The plan under these settings, infeasible where there is none; None where a limit ended the search first."""
        inputs = replace(self.inputs, prescription=with_settings(self.inputs.prescription, settings))
        policy = replace(policy_of(inputs), prefer=Prefer.CHEAPEST)
        if policy not in self._plans:
            self._plans[policy] = self._attempt(inputs)
            if self._progress is not None:
                self._progress(min(len(self._plans), self._expected), self._expected)
        return self._plans[policy]

    def _attempt(self, inputs: Inputs) -> Plan | None:
        try:
            return attempt(inputs, self._limits)
        except LimitReachedError:
            return None
