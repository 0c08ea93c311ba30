"""Which product a row of a price list is of: by its code, else by name, strength and form, else of none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from splitter.formulary import Form, Formulary, Product, billing_code
from splitter.prices.names import LIQUID_FORMS, PACKAGING, RELEASES, Described, describe
from splitter.prices.records import Matched, Quote
from splitter.quantity import Concentration, Mass

_REMARK = re.compile(r"\([^)]*\)|,.*")
"""What a product's name adds for people: who makes it, what to mind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A product that can be bought, and what its name says. `more` are the words beyond the drug's."""

    drug: str
    product: Product
    substance: tuple[str, ...]
    more: tuple[str, ...]
    salts: frozenset[str]
    kinds: frozenset[str]

    @property
    def strength(self) -> Mass | Concentration | None:
        return self.product.strength or self.product.concentration


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The products of a row; or, of a row about a known drug, why it has none. Of other rows, neither."""

    known: tuple[Known, ...] = ()
    matched: Matched = Matched.NAME
    reason: str | None = None
    drug: str | None = None


class Catalogue:
    """The products of all formularies, by their codes and by the words of their drugs."""

    def __init__(self, formularies: Iterable[Formulary]) -> None:
        self._by_code: dict[str, list[Known]] = {}
        self._by_word: dict[str, list[Known]] = {}
        self._of_name: dict[str, Match] = {}
        for formulary in formularies:
            for known in _products(formulary):
                self._by_word.setdefault(known.substance[0], []).append(known)
                for code in dict.fromkeys((*map(billing_code, known.product.ndc), *known.product.dmd)):
                    self._by_code.setdefault(code, []).append(known)

    def match(self, quote: Quote) -> Match:
        """The product that a row is of."""
        coded = self._coded(quote.codes)
        if coded:
            return _by_code(quote, coded, self._candidates(quote.name))
        if quote.name not in self._of_name:
            self._of_name[quote.name] = self._named(quote.name)
        return self._of_name[quote.name]

    def drug_of(self, name: str) -> str | None:
        """The drug that a name is about, None for one that is not known."""
        return next((known.drug for known in self._candidates(name)), None)

    def _coded(self, codes: Sequence[str]) -> list[Known]:
        for code in codes:
            if found := self._by_code.get(code):
                return found
        return []

    def _candidates(self, name: str) -> list[Known]:
        words = (word for word in name.casefold().replace("-", " ").replace("/", " ").split() if word in self._by_word)
        return [known for word in dict.fromkeys(words) for known in self._by_word[word]]

    def _named(self, name: str) -> Match:
        candidates = self._candidates(name)
        if not candidates:
            return Match()
        said = describe(name)
        own = [known for known in candidates if said.substance == known.substance + known.more]
        if not own:
            more = " ".join(word for word in said.substance if word not in self._by_word)
            return Match(reason=f'its name also says "{more}"' if more else "several drugs", drug=candidates[0].drug)
        found, reason = _narrow(said, own)
        if found and len({(known.drug, known.product.family) for known in found}) == 1:
            return Match(known=tuple(found))
        return Match(reason=reason or _several(found), drug=own[0].drug)


def _products(formulary: Formulary) -> Iterable[Known]:
    drug = describe(formulary.drug)
    for product in formulary.products:
        if product.is_compounded:
            continue
        said = describe(f"{product.name} {product.salt or ''}")
        kept_whole = describe(product.do_not_split_reason or "").kinds & RELEASES
        plain = describe(_REMARK.sub(" ", product.name)).substance
        yield Known(
            drug=formulary.drug,
            product=product,
            substance=drug.substance,
            more=tuple(word for word in plain if word not in drug.substance),
            salts=drug.salts | said.salts,
            kinds=drug.kinds | said.kinds | kept_whole,
        )


def _by_code(quote: Quote, coded: list[Known], named: list[Known]) -> Match:
    """The product of a code, unless the name says another drug that is known, or what that product is not."""
    if len(coded) > 1:
        return Match(reason=_several(coded), drug=coded[0].drug)
    (known,) = coded
    is_other = named and known.substance not in [each.substance for each in named]
    contradicted = named[0].drug if is_other else _contradicted(describe(quote.name), known)
    if contradicted is not None:
        reason = f"its code is that of {known.product.id}, which is not {contradicted}"
        return Match(reason=reason, drug=known.drug)
    return Match(known=(known,), matched=Matched.CODE)


def _contradicted(said: Described, known: Known) -> str | None:
    """What a name says of strength, form, release or salt that a product doesn't have; None where all may be true.

    Lists name every release but the immediate one, so a name without any is not that of a product which has one.
    """
    kinds = (said.kinds ^ known.kinds) - PACKAGING
    if said.strengths and known.strength not in said.strengths:
        return " and ".join(map(str, said.strengths))
    if said.forms and not any(_is_same_kind(form, known.product.form) for form in said.forms):
        return f"a {_listed(sorted(said.forms))}"
    if kinds:
        return _listed(sorted(said.kinds - PACKAGING)) or "immediate release"
    if said.salts and known.salts and not said.salts & known.salts:
        return f"the {_listed(sorted(said.salts))}"
    return None


def _is_same_kind(said: Form, form: Form) -> bool:
    """Whether a form may be called so by a list, which calls any liquid a solution, and what is dissolved too."""
    return said is form or (said in LIQUID_FORMS and form in (*LIQUID_FORMS, Form.PACKET))


def _narrow(said: Described, own: list[Known]) -> tuple[list[Known], str | None]:
    """The products that the name fits, and where there is none, the reason."""
    if len(said.strengths) != 1 or not said.forms:
        reason = "a combination" if len(said.strengths) > 1 else "its name states no strength or no form"
        return [], reason
    (strength,) = said.strengths
    fitting = [known for known in own if known.strength == strength and _has_form(said, known.product.form)]
    if not fitting:
        return [], f"no {strength} {_listed(sorted(said.forms))} in the formulary"
    same_kind = [known for known in fitting if known.kinds == said.kinds]
    if not same_kind:
        return [], f"another kind: {_listed(sorted(said.kinds)) or 'immediate release'}"
    same_salt = [known for known in same_kind if _salt_fits(said, known, own)]
    if not same_salt:
        return [], f"another salt: {_listed(sorted(said.salts)) or 'none stated'}"
    exact = [known for known in same_salt if known.salts == said.salts]
    return exact or same_salt, None


def _has_form(said: Described, form: Form) -> bool:
    """Granules for a solution come in packets, so a packet may name a liquid too; nothing else has two forms."""
    return form is Form.PACKET if Form.PACKET in said.forms else said.forms == {form}


def _salt_fits(said: Described, known: Known, own: list[Known]) -> bool:
    """Salts are not interchanged, but names omit the one that all products of a drug are of, or that none names."""
    if said.salts == known.salts:
        return True
    if not said.salts:
        return len({each.salts for each in own}) == 1
    return not known.salts and not any(said.salts & each.salts for each in own)


def _several(found: Iterable[Known]) -> str:
    return f"several products: {_listed(known.product.id for known in found)}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
