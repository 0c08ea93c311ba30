"""Formularies in words for the terminal: what is in force, one drug, a file's faults and differences, prices taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from splitter.cli.show import sections, wrapped
from splitter.errors import InputError
from splitter.formulary import (
    Batch,
    Bottles,
    Caution,
    Formulary,
    Ingredient,
    Loose,
    Overlaid,
    OwnFact,
    Packs,
    Poured,
    Product,
    Provenance,
    as_counted,
    listed,
)
from splitter.prescription import LargerDose
from splitter.prices import exact_price
from splitter.quantity import format_exact
from splitter.service.formularies import CheckedFile, Difference, DrugSummary, Kind, traps
from splitter.wording.figures import amount, plural

_DASH = "–"


def overview(drugs: Sequence[DrugSummary]) -> str:
    """One line for each drug, then what the columns mean and whose files have a say."""
    headings = ("drug", "products", "recipes", "label", "secondary", "unverified", "estimated")
    rows = [
        (each.drug, each.products, each.recipes, each.label, each.secondary, each.unverified, each.illustrative_prices)
        for each in drugs
    ]
    unsourced = [
        f"  {each.drug}: {amount(each.unsourced, 'fact')} without a source" for each in drugs if each.unsourced
    ]
    own = [f"  {each.drug}: {', '.join(each.own)}" for each in drugs if each.own]
    return sections(
        table(headings, [tuple(map(str, row)) for row in rows]),
        ["label, secondary, unverified: how sure its facts are; estimated: prices that nobody published"],
        ["Of your own files", *own] if own else (),
        ["Without a source", *unsourced] if unsourced else (),
    )


def drug(laid: Overlaid) -> str:
    """All that is in force for one drug."""
    formulary = laid.formulary
    once = listed(formulary)
    bought = [product for product in once if not product.is_compounded]
    made = [product for product in once if product.is_compounded]
    return sections(
        _head(formulary),
        ["Your own files", *map(_own, laid.own)] if laid.own else (),
        ["Products", *(f"  {line}" for line in table(_HEADINGS, [_product(each) for each in bought]))],
        ["Recipes", *(line for each in made for line in _recipe(each))] if made else (),
        ["Traps", *(line for trap in traps(formulary) for line in wrapped(trap, 2, 4))] if traps(formulary) else (),
        _facts(formulary),
        _tapers(formulary),
        ["Each product", *(line for each in once for line in _details(each))],
    )


def checked(answer: CheckedFile) -> str:
    """The faults of a file, then what is doubtful, or that there is neither."""
    faults = [f"  {_without_file(line, answer.file)}" for line in InputError(answer.faults).told()]
    doubts = [f"  {each.key}{_line(each.line)}: {each.message}" for each in answer.suspicions]
    about = f"{answer.file}: {', '.join(answer.drugs)}: " if answer.drugs else f"{answer.file}: "
    count = f"{amount(len(answer.faults), 'fault')}, {amount(len(doubts), 'doubt')}"
    verdict = "nothing wrong and nothing doubtful" if not faults and not doubts else count
    return sections(
        [about + verdict],
        ["Faults", *faults] if faults else (),
        ["Doubtful: look again", *doubts] if doubts else (),
    )


def differences(file: str, differing: Sequence[Difference]) -> str:
    """What a file says otherwise, product by product."""
    if not differing:
        return f"{file}: says what is in force"
    lines: list[str] = []
    for product in dict.fromkeys((each.drug, each.product) for each in differing):
        own = [each for each in differing if (each.drug, each.product) == product]
        lines.append("  ".join(("", _title(own[0]))))
        lines += [
            f"    {each.field}: {each.old or _DASH} -> {each.new or _DASH}" for each in own if each.kind is Kind.CHANGED
        ]
    return sections([f"{file}: otherwise than what is in force"], lines)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest entry; figures to the right."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    figures = [all(_is_figure(row[column]) for row in rows) for column in range(len(headings))]
    return [
        "  ".join(
            text.rjust(width) if is_figure else text.ljust(width)
            for text, width, is_figure in zip(row, widths, figures, strict=True)
        ).rstrip()
        for row in (headings, *rows)
    ]


def _is_figure(text: str) -> bool:
    return text.isdigit()


_LARGER = {
    LargerDose.FIRST: "the larger doses of a day come first",
    LargerDose.LAST: "the larger doses of a day come last",
}
_HEADINGS = ("product", "strength", "pieces", "price", "of", "stock", "certainty", "")


def _head(formulary: Formulary) -> Iterator[str]:
    currency = formulary.currency or "the pharmacy's currency"
    yield f"{formulary.drug}: {amount(len(listed(formulary)), 'product')}, prices in {currency}"
    limits = (
        ("at most", formulary.max_daily, "a day"),
        ("doses of a day differ by at most", formulary.max_imbalance, ""),
    )
    yield from (f"  {before} {mass} {after}".rstrip() for before, mass, after in limits if mass is not None)
    yield from _origin("limits and cautions", formulary.provenance)


def _own(fact: OwnFact) -> str:
    if fact.product is None:
        return f"  {fact.file}: {', '.join(fact.keys)} of the drug"
    return (
        f"  {fact.file}: {', '.join(fact.keys)} of {fact.product}"
        if fact.keys
        else f"  {fact.file}: adds {fact.product}"
    )


def _product(product: Product) -> tuple[str, ...]:
    measure = product.strength or product.concentration
    pieces = _DASH if product.is_liquid or product.do_not_split else str(product.pieces)
    return (
        product.id,
        str(measure),
        pieces,
        _price(product),
        _price_origin(product),
        _stock(product),
        _certainty(product.provenance),
        "" if product.available else "not available",
    )


def _price(product: Product) -> str:
    match product.supply:
        case Loose(price=price):
            return f"{exact_price(price)} each"
        case Poured(price=price):
            return f"{exact_price(price)} per mL, poured"
        case Packs(sizes=sizes) | Bottles(sizes=sizes):
            unit = " mL" if product.is_liquid else ""
            return ", ".join(f"{format_exact(size.content)}{unit}: {exact_price(size.price)}" for size in sizes)
    return ""


def _price_origin(product: Product) -> str:
    when = product.price_date.isoformat() if product.price_date else "no date"
    return f"{when}, estimated" if product.illustrative_price else when


def _stock(product: Product) -> str:
    return _DASH if product.stock is None else amount(product.stock, product.unit)


def _certainty(origin: Provenance | None) -> str:
    return "no source" if origin is None else origin.certainty.value


def _recipe(product: Product) -> Iterator[str]:
    supply = product.supply
    assert isinstance(supply, Batch)
    strength = product.strength or product.concentration
    said = product.name if product.id == product.ladder else strength
    yield f"  {product.id}: {said}, {_certainty(product.provenance)}"
    days, how = as_counted(supply.beyond_use, supply.beyond_use_basis)
    yield from wrapped(f"beyond use {amount(days, 'day')}{how}: {supply.beyond_use_basis or 'as stated'}", 4)
    kept = ", ".join(filter(None, (supply.vehicle, product.container, product.storage)))
    yield from wrapped(kept, 4) if kept else ()
    parts = "; ".join(f"{part.name}, {_ingredient_amount(part)}" for part in supply.ingredients)
    unit = "100 mL" if product.is_liquid else "100 capsules"
    unit = f"{unit} of {strength}" if product.id == product.ladder else unit
    yield from wrapped(f"for {unit}: {parts}", 4)


def _ingredient_amount(part: Ingredient) -> str:
    return f"to {amount(part.amount, part.unit)}" if part.to_volume else amount(part.amount, part.unit)


def _details(product: Product) -> Iterator[str]:
    """What the table has no room for, and the source."""
    stated = (
        product.name,
        product.do_not_split_reason and f"never split: {product.do_not_split_reason}",
        product.maker and f"made by {product.maker}",
        product.family,
        product.container,
        product.storage,
        "shake" if product.shake else None,
        *_handing(product),
        product.ndc and f"NDC {', '.join(product.ndc)}",
        product.dmd and f"dm+d {', '.join(product.dmd)}",
        product.price_source and f"price: {product.price_source}",
    )
    yield f"  {product.id}"
    yield from wrapped("; ".join(text for text in stated if text), 4)
    yield from _source(product.provenance)


def _handing(product: Product) -> Iterator[str]:
    """How a marketed liquid is handed over: how long it lasts, what it is poured into, what goes beyond the doses."""
    supply = product.supply
    if isinstance(supply, Bottles) and supply.in_use is not None:
        yield f"{amount(supply.in_use, 'day')} after opening"
    if isinstance(supply, Poured):
        yield f"{amount(supply.keeps, 'day')} after pouring, in steps of {amount(supply.step, 'mL')}"
        sizes = (f"{format_exact(size.content)} mL: {exact_price(size.price)}" for size in supply.containers)
        yield from (f"containers {listed}" for listed in (", ".join(sizes),) if listed)
    if isinstance(supply, Bottles | Poured) and supply.overage:
        yield f"{format_exact(supply.overage * 100)} % more than the doses take"


def _facts(formulary: Formulary) -> Iterator[str]:
    """What is known of the drug beside its products, each with its origin."""
    codes, control, hazard, withdrawal = formulary.codes, formulary.control, formulary.hazard, formulary.withdrawal
    cautions, own = formulary.cautions, (*_of_tapers(formulary), *_of_doses(formulary))
    if not any((codes, control, hazard, withdrawal, cautions, own)):
        return
    yield "The drug"
    yield from (line for caution in cautions for line in wrapped(_caution(caution), 2, 4))
    yield from own
    if codes is not None:
        listed = ", ".join(f"{name} {code}" for name, code in (("RxNorm", codes.rxcui), ("ATC", codes.atc)) if code)
        yield from _origin(f"codes: {listed}", codes.provenance)
    if control is not None:
        yield from _origin(f"controlled, schedule {control.schedule}", control.provenance)
    if hazard is not None:
        yield from _origin(f"hazardous: {hazard.text}", hazard.provenance)
    if withdrawal is not None:
        said = " ".join((*withdrawal.signs, *withdrawal.emergency))
        yield from _origin(f"withdrawal: {said}", withdrawal.provenance)


def _caution(caution: Caution) -> str:
    held = f" ({', '.join(plural(form.value, 2) for form in caution.forms)} only)" if caution.forms else ""
    return f"caution: {caution.text}{held}"


def _of_tapers(formulary: Formulary) -> Iterator[str]:
    """What the file says of every taper of the drug, whoever wrote it."""
    if formulary.larger_dose is not None:
        yield from _origin(_LARGER[formulary.larger_dose], formulary.larger_dose_provenance)
    if formulary.taper_end is not None:
        ends = f"a rule by percentages that states no last dose ends at {formulary.taper_end} a day"
        yield from _origin(ends, formulary.taper_end_provenance)


def _of_doses(formulary: Formulary) -> Iterator[str]:
    """What the checks of doses, of times and of the end of a treatment go by."""
    limits, half_life, stopping = formulary.limits, formulary.half_life, formulary.stopping
    if limits is not None and limits.max_single is not None:
        yield from _origin(f"at most {limits.max_single} in one dose", limits.provenance)
    if limits is not None and limits.usual_daily is not None:
        yield from _origin(f"no fixed maximum; labels begin with up to {limits.usual_daily} a day", limits.provenance)
    if half_life is not None:
        once = "; taken once a day all the same" if half_life.once_a_day else ""
        said = f"half-life {format_exact(half_life.low)} to {format_exact(half_life.high)} hours{once}"
        yield from _origin(said, half_life.provenance)
    if stopping is not None:
        after = amount(stopping.after, "day")
        said = f"not stopped at once from more than {stopping.unsafe_above} a day after {after} or longer"
        yield from _origin(said, stopping.provenance)
    for each in formulary.kidney:
        said = f"kidney function under {format_exact(each.below)} mL/min, {each.name}: {each.advice}"
        yield from _origin(said, each.provenance)


def _tapers(formulary: Formulary) -> Iterator[str]:
    if formulary.tapers:
        yield "Tapers, as their sources say; never merged"
    for advice in formulary.tapers:
        note = f" {advice.note}" if advice.note else ""
        yield from _origin(f"{advice.name}: {advice.rate}, {advice.interval}.{note}", advice.provenance)


def _origin(what: str, origin: Provenance | None) -> Iterator[str]:
    yield from wrapped(what, 2, 4)
    yield from _source(origin)


def _source(origin: Provenance | None) -> Iterator[str]:
    if origin is None:
        yield "    no source"
        return
    checked = f", checked {origin.checked.isoformat()}" if origin.checked else ""
    yield from wrapped(f"{origin.certainty}{checked}: {origin.source}", 4)


def _title(first: Difference) -> str:
    what = f"{first.drug} itself" if first.product == "head" else first.product
    return what if first.kind is Kind.CHANGED else f"{what}: {first.kind}"


def _line(line: int | None) -> str:
    return "" if line is None else f" (line {line})"


def _without_file(text: str, file: str) -> str:
    return text.removeprefix(f"{file}: ")
