"""The commands themselves. Each imports what it needs when it runs, so that `--help` is quick."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from splitter import __version__
from splitter.cli import options
from splitter.cli import visits as chosen
from splitter.cli.amend import amend
from splitter.cli.check import check
from splitter.cli.formulary import formulary
from splitter.cli.group import AnsweringGroup
from splitter.cli.options import STANDARD, Asking, Delivery, Given, Labelling, Printing, Stopping
from splitter.cli.output import progress_bar, refuse_overwriting, write
from splitter.cli.paths import PATH
from splitter.cli.report import report
from splitter.cli.stock import stock
from splitter.cli.streams import say, tell
from splitter.cli.visits import Phone, Visits
from splitter.files import shown_path

if TYPE_CHECKING:
    from splitter.plan import Plan

DONE, ANSWER_IS_NO = 0, 1


@click.group(cls=AnsweringGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="splitter")
def main() -> None:
    """Find the best exact way to dispense a taper, clinical first, then cheapest; prove it, check it, and print it.

    RX is a prescription file (TOML), PLAN a plan file (JSON); - is standard input or output.

    Exit codes: 0 done; 1 done, and the answer is no; 2 bad input or usage, nothing written; 3 a fault of the program
    or its surroundings.

    \b
    Example: splitter fill tests/examples/baclofen.toml -o fill/
    """


main.add_command(check)
main.add_command(formulary)
main.add_command(report)
main.add_command(stock)
main.add_command(amend)


@main.command()
@options.prescription
@options.output("Write the plan to this file; - prints it, in place of the table.", required=False)
@click.option("--why", is_flag=True, help="Say why each product is in the mix, by planning without it: a search each.")
@options.today
@options.limits
@options.shared
def plan(rx: Path, output: Path | None, why: bool, today: dt.date, stopping: Stopping, given: Given) -> int:
    """Find the best plan of a prescription and show it.

    \b
    Example: splitter plan rx.toml -o plan.json
    """
    from splitter import service
    from splitter.cli import inputs, show
    from splitter.plan import plan_to_json

    refuse_overwriting([output], inputs.inputs_of(given, rx))
    order = inputs.read_order(rx, given)
    with progress_bar("Searching") as progress:
        limits = inputs.limits_of(stopping)
        until = None if limits.seconds is None else time.monotonic() + float(limits.seconds)
        made = service.plan(*order, limits, progress, today)
    made = service.with_savings(service.with_remedies(made, *order), *order, until)
    if why:
        with progress_bar("Leaving one out") as progress:
            made = service.with_reasons(made, *order, limits, progress)
    text = plan_to_json(made)
    if output is not None:
        write(output, text.encode())
    if output != STANDARD:
        say(text if given.as_json else show.whole_plan(made))
    return ANSWER_IS_NO if service.objections(made) else DONE


@main.command()
@options.prescription
@options.folder("The directory for plan.json, labels.pdf and sheets.pdf.")
@options.asking
@options.printing
@options.shared
def fill(rx: Path, output: Path, asking: Asking, printing: Printing, given: Given) -> int:
    """Plan a prescription and print its labels and sheets.

    Where the plan fails its verification, or a check stops it, plan.json says why and nothing else is written. Whoever
    takes a stop on them says so by name, and why: both stand in the plan and on the dispensing sheet.

    \b Example: splitter fill rx.toml -o fill/ Example: splitter fill rx.toml -o fill/ --accept refills-beyond-law --by
    "A. Example, RPh" --why "new ones each visit"
    """
    from splitter import batch, service
    from splitter.cli import inputs, show
    from splitter.cli.printing import refuse_folder, write_filled
    from splitter.plan import plan_to_json

    read = replace(inputs.read_inputs(rx, given), today=asking.today)
    refuse_folder(output, read.prescription, inputs.inputs_of(given, rx, printing.labelling.stock))
    with progress_bar("Searching") as progress:
        accepted, limits = inputs.acceptances_of(asking.accepting), inputs.limits_of(asking.stopping)
        filled = batch.fill(read, accepted, limits, progress, inputs.papers_of(printing))
    write_filled(output, filled)
    say(plan_to_json(filled.plan) if given.as_json else show.whole_plan(filled.plan))
    objections = service.objections(filled.plan)
    for objection in objections:
        tell(f"not printed: {objection}")
    if filled.labels is None and not objections:
        tell(f"not printed: {inputs.due_words(printing.visits)}")
    return ANSWER_IS_NO if objections else DONE


@main.command()
@options.plan_file
@options.delivery
@chosen.visits
@options.labelling
@options.shared
def labels(plan_file: Path, delivery: Delivery, visits: Visits, labelling: Labelling, given: Given) -> int:
    """Print the labels of a visit from a plan.

    With --pharmacy or --formulary, only when the plan was made with these files. `splitter stock` lists label stock.

    \b
    Example: splitter labels plan.json --stock 5163 --start 4 -o labels.pdf
    Example: splitter labels plan.json --format zpl --print tcp://192.0.2.7:9100
    """
    from splitter.cli import inputs
    from splitter.cli.printing import print_labels
    from splitter.labels import render_labels, render_zpl

    style = inputs.style_of(labelling)
    render = render_zpl if delivery.is_zpl else render_labels

    def rendered(made: Plan) -> bytes:
        return render([made], style, inputs.chosen_dates(made, visits))

    print_labels(plan_file, delivery, given, rendered, labelling.stock)
    return DONE


@main.command()
@options.plan_file
@options.output("The PDF to write; - prints it.")
@options.specimens
@options.paper
@chosen.phone
@options.shared
def sheets(plan_file: Path, output: Path, printing: Printing, paper: str | None, phone: Phone, given: Given) -> int:
    """Print the sheets of a visit from a plan.

    These are the dispensing sheet, the compounding worksheets, and the patient's summary and calendar. They count and
    show the labels as `labels` prints them on this stock.
    With --pharmacy or --formulary, only when the plan was made with these files.

    \b
    Example: splitter sheets plan.json -o sheets.pdf --ics calendar.ics
    """
    from splitter.cli.inputs import chosen_dates, style_of
    from splitter.cli.printing import print_papers
    from splitter.cli.reminders import phone_paper
    from splitter.sheets import PAPERS, render_sheets

    visits, style = printing.visits, style_of(printing.labelling)
    size = PAPERS[paper or style.profile.customs.paper.lower()]
    papers = [(output, lambda made: render_sheets(made, chosen_dates(made, visits), size, style))]
    if phone.output is not None:
        papers.append((phone.output, phone_paper(phone, visits, style.profile.customs)))
    print_papers(plan_file, papers, given, printing.labelling.stock)
    return DONE


@main.command()
@options.plan_file
@options.prescription
@click.option(
    "--before",
    nargs=2,
    multiple=True,
    metavar="PLAN RX",
    type=PATH,
    help="A plan that was amended, with its prescription: once for each, back to the first.",
)
@options.limits
@options.shared
def verify(plan_file: Path, rx: Path, before: tuple[tuple[Path, Path], ...], stopping: Stopping, given: Given) -> int:
    """Re-add every figure of a plan from its prescription, and ask again what it says.

    The figures are re-added without any code of the search. The seal of the file, which is no signature, is compared
    with what stands in it; its findings, and the advice where it can't be made, are worked out anew. Give the same
    --pharmacy, --formulary and limits as for the plan. With --before the plans that it replaces are verified too, and
    that each amendment is of the very files before it.

    \b
    Example: splitter verify plan.json rx.toml
    Example: splitter verify amendment-1/plan.json amendment-1/rx.toml --before plan.json rx.toml
    """
    from splitter import service
    from splitter.cli import inputs, show
    from splitter.codec import to_json

    links, each = [], []
    for made_file, order_file in (*before, (plan_file, rx)):
        order = inputs.read_order(order_file, given, made_file)
        links.append(inputs.read_link(made_file, order[0]))
        each.append(service.verify_plan(links[-1].plan, *order, inputs.limits_of(stopping)))
    answer = service.together(each, service.check_chain(links) if before else ())
    say(to_json(answer) if given.as_json else show.verification(answer))
    return DONE if answer.agrees else ANSWER_IS_NO


@main.command()
@options.prescription
@click.option(
    "--trade-offs",
    metavar="N",
    type=click.IntRange(min=0),
    default=12,
    show_default=True,
    help="Make so many plans at most to find the trade-offs.",
)
@options.limits
@options.shared
def compare(rx: Path, trade_offs: int, stopping: Stopping, given: Given) -> int:
    """Hold the ways to fill a prescription side by side.

    Shows it as it stands, without cutting, tablets only, without compounding, liquid only, tablets and a volume
    together, free division, the cheapest money, and the trade-offs of cost against handling; why some can't be made;
    why each product is in the mix. Each is a search of its own, and limits are those of each.

    \b
    Example: splitter compare rx.toml
    """
    from splitter import service
    from splitter.cli import inputs
    from splitter.cli.show_comparison import comparison
    from splitter.codec import to_json

    read = inputs.read_inputs(rx, given)
    with progress_bar("Comparing") as progress:
        limits = inputs.limits_of(stopping)
        answer = service.compare(read.prescription, read.pharmacy, read.formulary, limits, progress, trade_offs)
    say(to_json(answer) if given.as_json else comparison(answer))
    made = answer.alternatives[0].plan
    return ANSWER_IS_NO if made is None or service.objections(made) else DONE


@main.command()
@options.prescription
@options.output("Write the steps to this file, as a prescription states them; - prints them.", required=False)
@options.shared
def schedule(rx: Path, output: Path | None, given: Given) -> int:
    """Show a taper as dated steps, with the dose of each time.

    Says how each dose of a rule was rounded and why the rule ends. With -o, the steps are written as a prescription
    states them, in place of its [taper].

    \b
    Example: splitter schedule rx.toml
    """
    from splitter import service
    from splitter.cli import inputs, show_schedule
    from splitter.codec import to_json
    from splitter.taper import as_toml_steps

    refuse_overwriting([output], inputs.inputs_of(given, rx))
    order = inputs.read_order(rx, given)
    answer = service.schedule(*order)
    if output is not None:
        explicit = service.inputs_of(*order).prescription
        write(output, f"# {show_schedule.heading(answer)}\n\n{as_toml_steps(explicit)}".encode())
    if output != STANDARD:
        say(to_json(answer) if given.as_json else show_schedule.schedule(answer))
    return DONE


@main.command()
@click.argument("drug", metavar="DRUG")
@options.output("The prescription file to write; - prints it.", required=False)
@options.shared
def new(drug: str, output: Path | None, given: Given) -> int:
    """Write a commented prescription to begin with.

    Its lines are true of DRUG: the strengths that there are, the labelled maximum, its cited tapers as choices to take
    the comment mark from. Nothing is chosen for the prescriber. A file that is there already is not replaced.

    \b
    Example: splitter new baclofen -o rx.toml
    """
    import datetime as dt

    from splitter import service
    from splitter.codec import to_json
    from splitter.formulary import choose_formulary

    _, formularies = service.load_shared(given.pharmacy, given.formularies)
    text = service.beginning(choose_formulary(drug, formularies), dt.datetime.now().astimezone().date())
    if output is not None and output != STANDARD:
        if output.exists():
            raise click.BadParameter(f"{shown_path(output)} is there already", param_hint="-o")
        write(output, text.encode())
    else:
        say(to_json({"text": text}) if given.as_json else text.rstrip())
    return DONE


@main.command()
@options.prescription
@click.option("--choose", metavar="N", type=click.IntRange(min=1), help="Write the prescription with this proposal.")
@options.output("The prescription to write, with --choose; - prints it.", required=False)
@options.limits
@options.shared
def propose(rx: Path, choose: int | None, output: Path | None, stopping: Stopping, given: Given) -> int:
    """Show the schedules inside a prescriber's ranges, the best for each length.

    The prescription's [taper] leaves its pace open: reduce = "10 % to 20 %", every = "2 to 4 weeks", and if wished
    finish = "26 to 40 weeks". With --choose and -o the same file is written with one pace in place of the ranges.

    \b
    Example: splitter propose rx.toml
    Example: splitter propose rx.toml --choose 3 -o chosen.toml
    """
    from splitter import service
    from splitter.cli import inputs, show_proposals
    from splitter.codec import read_file, to_json
    from splitter.taper import with_paces

    if (choose is None) is not (output is None):
        raise click.UsageError("--choose and -o are given together")
    refuse_overwriting([output], inputs.inputs_of(given, rx))
    order = inputs.read_order(rx, given)
    with progress_bar("Planning") as progress:
        answer = service.propose(*order, inputs.limits_of(stopping), progress)
    if choose is None or output is None:
        say(to_json(answer) if given.as_json else show_proposals.proposals(answer))
        return DONE
    if choose > len(answer.proposals):
        raise click.BadParameter(f"there are {len(answer.proposals)} proposals", param_hint="--choose")
    rule = order[0].taper
    assert rule is not None
    write(output, with_paces(read_file(rx), rule, answer.proposals[choose - 1].paces).encode())
    return DONE


@main.command()
@click.argument("source", metavar="INPUT", type=PATH)
@options.folder("The directory to make; it must be new or empty.")
@options.today
@options.limits
@options.printing
@options.shared
def batch(source: Path, output: Path, today: dt.date, stopping: Stopping, printing: Printing, given: Given) -> int:
    """Fill every prescription of a directory.

    Reads INPUT/*.toml by name. Writes labels.pdf in that order, manifest.csv, refused.csv with the reasons, and the
    plans. A bad prescription doesn't stop the others; the output appears whole or not at all.

    \b
    Example: splitter batch prescriptions/ -o monday/
    """
    from splitter import batch as filling
    from splitter import service
    from splitter.cli import inputs, show
    from splitter.codec import to_json

    given.read_also()
    pharmacy, formularies = service.load_shared(given.pharmacy, given.formularies)
    limits, papers = inputs.limits_of(stopping), inputs.papers_of(printing)
    files = service.Sources(pharmacy=given.pharmacy, formularies=given.formularies)
    setting = filling.BatchSetting(
        pharmacy=pharmacy, formularies=formularies, limits=limits, papers=papers, sources=files, today=today
    )
    with progress_bar("Filling") as progress:
        summary = filling.fill_all(source, output, setting, progress)
    tell(f"wrote {shown_path(output)}")
    say(to_json(summary) if given.as_json else show.batch_summary(summary.filled, summary.refused, summary.labels))
    for number in summary.repeated:
        tell(f"prescription number {number} stands in several files")
    return ANSWER_IS_NO if summary.refused else DONE
