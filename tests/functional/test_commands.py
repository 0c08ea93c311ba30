"""The commands as their users meet them: what they say, what they write, how they end."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from splitter.cli.show_check import MOST_LINES
from tests.functional.conftest import RX, SPLITTER, Run, Write, python

TOO_MUCH = (('"20 mg"', '"100 mg"'), ("[policy]", "[policy]\nmax_pieces = 8"))
IMPOSSIBLE = ('"15 mg"', '"7 mg"')
NEARLY = ('"15 mg"', '"13 mg"')


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def changed(plan: Path, old: str, new: str) -> Path:
    """A plan file in which somebody has changed a figure."""
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), encoding="utf-8")
    return plan


def test_plan_shows_the_plan_and_writes_it(run: Run, rx: Write, tmp_path: Path) -> None:
    """Steps with their dates, what is handed over, the cost; the file holds the same plan exactly."""
    output = tmp_path / "plan.json"
    ran = run("plan", rx(), "-o", output)
    assert ran.code == 0
    assert "optimal; it is proved" in ran.out
    assert "Dec 1 to Dec 14, 2026             20 mg  each time: 1 tablet of 10 mg" in ran.out
    assert "baclofen 10 mg tablet: 49 tablets (7 of them cut), USD 1.64" in ran.out
    assert ran.err == f"splitter: wrote {output}\n"
    plan = json.loads(output.read_text(encoding="utf-8"))
    assert plan["format"] == "splitter-plan/1"
    assert plan["total"] == "12.85199"
    assert plan["objective"] == plan["lower_bound"] == "21.25199"
    assert plan["steps"][1]["administrations"][0]["take"] == [
        {"product": "baclofen-10mg-tablet", "fraction": "1/2", "count": 1}
    ]


def test_plan_reads_as_it_should(run: Run, rx: Write) -> None:
    """The whole text on the terminal, as in tests/golden/plan.txt."""
    golden = Path(__file__).parents[1] / "golden" / "plan.txt"
    assert run("plan", rx()).out == golden.read_text(encoding="utf-8")


def test_plan_says_what_beyond_use_dates_rest_on(run: Run, rx: Write) -> None:
    """Of each compounded product once, and only where something is compounded."""
    made = rx(("compounded = false", "compounded = true"), ('daily = "20 mg"', 'daily = "21 mg"'))
    text = " ".join(run("plan", made).out.split())
    basis = "USP <795> (2023), solid: 180 days; the day of compounding is day 1"
    assert f"Beyond-use dates rest on baclofen 10.5 mg compounded capsule: {basis} baclofen 7.5 mg" in text
    assert "Beyond-use" not in run("plan", rx()).out


def test_plan_says_it_in_json(run: Run, rx: Write) -> None:
    """`--json` and `-o -` both print the plan file's text and nothing else."""
    prescription = rx()
    ran = run("plan", prescription, "--json")
    assert json.loads(ran.out)["status"] == "optimal"
    assert run("plan", prescription, "-o", "-").out == ran.out


def test_plan_is_the_same_whatever_the_hash_seed(rx: Write) -> None:
    """The same input gives the same bytes."""
    prescription = rx()
    one, other = (python(SPLITTER, "plan", prescription, "--json", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one.returncode == 0
    assert one.stdout == other.stdout


def test_infeasible_plan_is_written_and_the_answer_is_no(run: Run, rx: Write, tmp_path: Path) -> None:
    """7 mg from whole and half tablets of 5 mg and more: no plan, no items, no figures; exit code 1."""
    output = tmp_path / "plan.json"
    ran = run("plan", rx(IMPOSSIBLE), "-o", output)
    plan = json.loads(output.read_text(encoding="utf-8"))
    assert ran.code == 1
    assert "infeasible" in ran.out
    assert plan["status"] == "infeasible"
    assert plan["items"] == []
    assert plan["objective"] is plan["total"] is plan["lower_bound"] is plan["steps"][0]["delivered_mg"] is None


def test_limits_give_a_plan_without_proof_or_say_that_they_are_too_small(run: Run, rx: Write) -> None:
    """A plan found before the limit is `feasible` with a bound; a limit must be a number above zero."""
    ran = run("plan", rx(), "--node-limit", 1, "--json")
    if ran.code == 0:
        plan = json.loads(ran.out)
        assert plan["status"] in ("feasible", "optimal")
        assert float(plan["lower_bound"]) <= float(plan["objective"])
    else:
        assert (ran.code, "--node-limit" in ran.err) == (2, True)
    assert run("plan", rx(), "--time-limit", "0").code == 2
    assert run("plan", rx(), "--time-limit", "soon").code == 2


def test_fill_writes_plan_labels_and_sheets(run: Run, rx: Write, tmp_path: Path) -> None:
    """One command from prescription to paper."""
    folder = tmp_path / "made" / "fill"
    ran = run("fill", rx(), "-o", folder)
    assert ran.code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["labels.pdf", "plan.json", "sheets.pdf"]
    assert "total                            USD 12.85" in ran.out
    label = " ".join(text_of((folder / "labels.pdf").read_bytes()).split())
    assert "Ada Example" in label
    assert "Dr B. Example" in label
    assert "Dispensing sheet" in text_of((folder / "sheets.pdf").read_bytes())


def test_fill_refuses_what_a_check_stops_and_leaves_no_older_papers(run: Run, rx: Write, tmp_path: Path) -> None:
    """100 mg a day is above the labelled maximum: the plan says so, and older labels are gone."""
    folder = tmp_path / "fill"
    assert run("fill", rx(), "-o", folder).code == 0
    ran = run("fill", rx(*TOO_MUCH), "-o", folder)
    assert ran.code == 1
    assert "over-labelled-maximum" in ran.err
    assert [path.name for path in folder.iterdir()] == ["plan.json"]
    severities = {each["code"]: each["severity"] for each in findings(folder / "plan.json")}
    assert severities["over-labelled-maximum"] == "stop"


def test_fill_prints_what_the_user_accepts_and_says_who_did(run: Run, rx: Write, tmp_path: Path) -> None:
    """The finding stays in the plan as a warning, so that its labels can be printed again."""
    folder, prescription = tmp_path / "fill", rx(*TOO_MUCH)
    ran = run("fill", prescription, "-o", folder, *ACCEPTING, *BOTH)
    assert ran.code == 0
    accepted = next(each for each in findings(folder / "plan.json") if each["code"] == "over-labelled-maximum")
    assert accepted["severity"] == "warn"
    assert accepted["message"].endswith("; accepted by A. Example, RPh: asked Dr B. Example")
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["accepted"] == [
        {"code": code, "by": "A. Example, RPh", "why": "asked Dr B. Example"} for code in BOTH[1::2]
    ]
    sheets = " ".join(text_of((folder / "sheets.pdf").read_bytes()).split())
    assert "accepted by A. Example, RPh: asked Dr B. Example" in sheets
    assert run("verify", folder / "plan.json", prescription).out == "agrees\n"
    assert run("labels", folder / "plan.json", "-o", tmp_path / "again.pdf").code == 0


BOTH = ("--accept", "over-labelled-maximum", "--accept", "large-drop")
ACCEPTING = ("--by", "A. Example, RPh", "--why", "asked Dr B. Example")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--accept", "over-labelled-maximum"), "say with --by who accepts it"),
        (("--accept", "over-labelled-maximum", "--by", " ", "--why", "x"), "say with --by who accepts it"),
        (("--accept", "over-labelled-maximum", "--by", "A. Example"), "and with --why why"),
        (ACCEPTING, "say with --accept what is accepted"),
        ((*ACCEPTING, "--accept", "large-rise"), "accept only what stops the plan: large-drop, over-labelled-maximum"),
    ],
)
def test_nothing_is_accepted_without_a_name_and_a_reason(
    run: Run, rx: Write, tmp_path: Path, given: tuple[str, ...], words: str
) -> None:
    """A code alone, a blank name, a reason for nothing and a code that stops nothing are refused; nothing is
    written."""
    ran = run("fill", rx(*TOO_MUCH), "-o", tmp_path / "fill", *given)
    assert ran.code == 2
    assert words in " ".join(ran.err.split())
    assert not (tmp_path / "fill").exists()


def findings(plan: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(plan.read_text(encoding="utf-8"))["findings"]
    return found


def test_a_failed_verification_is_never_accepted(run: Run, rx: Write, tmp_path: Path) -> None:
    """The codes of the independent check can't be waved through."""
    ran = run("fill", rx(), "-o", tmp_path / "fill", *ACCEPTING, "--accept", "verify-dose")
    assert ran.code == 2
    assert "--accept: found verify-dose" in ran.err
    assert not (tmp_path / "fill").exists()


def test_fill_without_a_patient_writes_nothing(run: Run, rx: Write, tmp_path: Path) -> None:
    """A label needs a name; the message says which."""
    ran = run("fill", rx(('[patient]\nname = "Ada Example"\n', "")), "-o", tmp_path / "fill")
    assert ran.code == 2
    assert "patient.name" in ran.err
    assert not (tmp_path / "fill").exists()


@pytest.mark.parametrize("command", ["labels", "sheets"])
def test_papers_are_printed_from_a_plan_file(run: Run, rx: Write, tmp_path: Path, command: str) -> None:
    """The plan file is enough, and gives the bytes that `fill` gave."""
    folder = tmp_path / "fill"
    run("fill", rx(), "-o", folder)
    ran = run(command, folder / "plan.json", "-o", tmp_path / "paper.pdf", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {"file": str(tmp_path / "paper.pdf")}
    assert (tmp_path / "paper.pdf").read_bytes() == (folder / f"{command}.pdf").read_bytes()


@pytest.mark.parametrize("command", ["labels", "sheets"])
def test_papers_are_refused_from_a_plan_that_contradicts_itself(
    run: Run, rx: Write, tmp_path: Path, command: str
) -> None:
    """A changed dose is seen before anything is printed."""
    plan = tmp_path / "plan.json"
    run("plan", rx(), "-o", plan)
    ran = run(command, changed(plan, '"dose_mg": "10"', '"dose_mg": "12"'), "-o", tmp_path / "paper.pdf")
    assert ran.code == 1
    assert "not printed" in ran.err
    assert not (tmp_path / "paper.pdf").exists()


def test_papers_are_refused_from_a_plan_that_was_stopped_or_infeasible(run: Run, rx: Write, tmp_path: Path) -> None:
    """What `fill` doesn't print, `labels` doesn't either."""
    for changes in (TOO_MUCH, (IMPOSSIBLE,)):
        run("plan", rx(*changes), "-o", tmp_path / "plan.json")
        ran = run("labels", tmp_path / "plan.json", "-o", tmp_path / "labels.pdf")
        assert ran.code == 1
        assert "not printed" in ran.err
    assert not (tmp_path / "labels.pdf").exists()


def test_papers_hold_to_the_pharmacy_and_formulary_that_are_named(run: Run, rx: Write, tmp_path: Path) -> None:
    """A plan that was made with another file is refused; with the same one it is printed."""
    plan, shop, own = tmp_path / "plan.json", tmp_path / "pharmacy.toml", tmp_path / "own.toml"
    shop.write_text('[costs]\nitem_fee = "1"\n', encoding="utf-8")
    own.write_text('drug = "baclofen"\n[[tablet]]\nid = "five"\nstrength = "5 mg"\nprice = "0.01"\n', encoding="utf-8")
    run("plan", rx(), "-o", plan, "--pharmacy", shop)
    assert run("labels", plan, "-o", tmp_path / "labels.pdf", "--pharmacy", shop).code == 0
    shop.write_text('[costs]\nitem_fee = "2"\n', encoding="utf-8")
    assert run("labels", plan, "-o", tmp_path / "labels.pdf", "--pharmacy", shop).code == 1
    assert run("labels", plan, "-o", tmp_path / "labels.pdf", "--formulary", own).code == 1


def test_verify_agrees_or_says_what_differs(run: Run, rx: Write, tmp_path: Path) -> None:
    """Exit code 0 and one word, or 1 and each difference."""
    prescription, plan = rx(), tmp_path / "plan.json"
    run("plan", prescription, "-o", plan)
    ran = run("verify", plan, prescription)
    assert (ran.code, ran.out) == (0, "agrees\n")
    assert json.loads(run("verify", plan, prescription, "--json").out) == {"agrees": True, "findings": []}
    changed(plan, '"total": "12.85199"', '"total": "11.85199"')
    ran = run("verify", plan, prescription)
    assert (ran.code, "verify-total" in ran.out, "verify-seal" in ran.out) == (1, True, True)
    found = json.loads(run("verify", plan, prescription, "--json").out)
    assert found["agrees"] is False
    assert {"verify-seal", "verify-total"} <= {finding["code"] for finding in found["findings"]}


@pytest.mark.parametrize(
    ("changes", "code", "verdict"),
    [
        ((), 0, "can be made exactly, with tablets"),
        ((IMPOSSIBLE,), 1, "can't be made"),
        (TOO_MUCH, 1, "but must not be given as it stands: 2 things to decide"),
        ((IMPOSSIBLE, ("[prescription]", '[prescription]\ntolerance = "1 mg"')), 1, "can't be made"),
        ((NEARLY, ("[prescription]", '[prescription]\ntolerance = "2 mg"')), 0, "within its tolerance"),
    ],
)
def test_check_answers_a_physician(
    run: Run, rx: Write, changes: tuple[tuple[str, str], ...], code: int, verdict: str
) -> None:
    """The verdict comes first; the exit code says the same."""
    ran = run("check", rx(*changes))
    assert ran.code == code
    assert verdict in " ".join(ran.out.partition("Dose ")[0].split())
    assert len(ran.out.splitlines()) <= 25


def test_check_lists_findings_by_weight(run: Run, rx: Write) -> None:
    """What stops comes before what warns, and that before notes."""
    late = ("start = 2026", "written = 2026-12-02\nstart = 2026")
    ran = run("check", rx(*TOO_MUCH, late), "--full")
    listed = [line for line in ran.out.partition("Findings\n")[2].splitlines() if not line.startswith("    ")]
    weights = [line.split(",")[0].strip() for line in listed]
    assert weights == sorted(weights, key=["STOP", "warning", "note"].index)
    assert {"STOP", "note"} <= set(weights)
    answer = json.loads(run("check", rx(*TOO_MUCH), "--json").out)
    assert answer["verdict"] == "stopped"
    assert answer["plan"]["status"] == "optimal"
    summary = answer["summary"]
    assert (summary["first_mg"], summary["last_mg"], summary["steps"], summary["days"]) == ("100", "15", 2, 28)
    assert [each["code"] for each in summary["stops"]] == ["over-labelled-maximum", "large-drop"]
    assert [other["name"] for other in summary["others"]] == ["tablets only", "no compounding"]


def test_the_first_screen_as_a_whole(run: Run) -> None:
    """The example's, as in tests/golden/check.txt: 25 lines at the most."""
    golden = Path(__file__).parents[1] / "golden" / "check.txt"
    ran = run("check", Path(__file__).parents[1] / "examples" / "baclofen.toml")
    assert (ran.code, ran.out) == (0, golden.read_text(encoding="utf-8"))
    assert len(ran.out.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_first_screen_keeps_its_size(run: Run, rx: Write, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """However narrow the terminal is and however much there is to say: every stop is told, what is left out counted."""
    monkeypatch.setenv("COLUMNS", columns)
    steps = "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "1 week"\n' for dose in (100, 20, 60, 5, 40, 80, 10))
    more = '[prescription]\nquantity = "1 tablet"\nwritten = 2026-12-02\nfollows = "US labels"'
    ran = run("check", rx((STEPS, steps), ("[prescription]", more), ("[policy]", "[policy]\nmax_pieces = 9")))
    lines = ran.out.splitlines()
    assert len(lines) <= MOST_LINES
    assert sum(line.startswith("Decide") for line in lines) == 5
    assert "--full" in lines[-1]


def test_paces_stand_side_by_side(run: Run, rx: Write) -> None:
    """Each is the same treatment by one rule; what can't be read is refused with the way to write it."""
    ran = run("check", rx(*BY_RULE), "--pace", "25 % every 2 weeks", "--pace", "5 mg every 1 week")
    assert ran.code == 0
    heads, *lines = ran.out.splitlines()
    assert "25 % every 2 weeks" in heads
    assert "5 mg every 1 week" in heads
    rows = {line[:17].strip(): line[17:].split() for line in lines if line.strip()}
    assert rows["Days"][0] > rows["Days"][1]
    answer = json.loads(run("check", rx(*BY_RULE), "--pace", "25 % every 2 weeks", "--json").out)
    assert answer["paces"][0]["pace"] == "25 % every 2 weeks"
    assert answer["paces"][0]["answer"]["summary"]["first_mg"] == "20"
    bad = run("check", rx(*BY_RULE), "--pace", "quickly", "--pace", "100 % every 2 weeks")
    assert bad.code == 2
    assert bad.err.count("write by how much and how often") == 2


def test_a_pace_may_stand_in_for_a_range(run: Run, rx: Write) -> None:
    """Where the prescriber left it open, each pace is one of a rule; one that can't be is said beside the others."""
    ranged = ((STEPS, RULE.replace('"25 %"', '"10 % to 25 %"')), BY_RULE[1])
    ran = run("check", rx(*ranged), "--pace", "25 % every 2 weeks", "--pace", "1 mg every 300 weeks")
    assert ran.code == 0
    assert "1 mg every 300 weeks: " in ran.out
    assert "possible" in ran.out


def test_steps_that_are_written_out_have_paces_too(run: Run, rx: Write) -> None:
    """From their first dose to their last."""
    ran = run("check", rx(), "--pace", "10 % every 2 weeks", "--json")
    (one,) = json.loads(ran.out)["paces"]
    assert (one["answer"]["summary"]["first_mg"], one["answer"]["summary"]["last_mg"]) == ("20", "15")


def test_every_check_is_listed(run: Run) -> None:
    """With code, weight, what it asks and its source; a prescription isn't needed for that, but otherwise is."""
    ran = run("check", "--list")
    assert ran.code == 0
    assert "large-drop (STOP)" in ran.out
    listed = json.loads(run("check", "--list", "--json").out)["checks"]
    assert {"code", "severity", "asks", "source"} == set(listed[0])
    assert len(listed) > 40
    assert run("check").code == 2


@pytest.mark.parametrize(
    ("today", "code"), [("2026-12-31", 0), ("2027-01-01", 1), ("2025-12-01", 0), ("2025-11-30", 1)]
)
def test_the_day_of_asking(run: Run, rx: Write, tmp_path: Path, today: str, code: int) -> None:
    """30 days after the start and a year before it still pass; where a finding rests on the day, the plan names it, so
    that it verifies on any other."""
    prescription, plan = rx(), tmp_path / "plan.json"
    assert run("plan", prescription, "--today", today, "-o", plan).code == code
    assert json.loads(plan.read_text(encoding="utf-8"))["asked"] == (today if code else None)
    assert run("verify", plan, prescription).out == "agrees\n"


def test_a_taper_that_nobody_cites_is_not_followed(run: Run, rx: Write) -> None:
    """The prescription names one of those in the drug's formulary, or none."""
    ran = run("check", rx(("[prescription]", '[prescription]\nfollows = "my own"')))
    assert ran.code == 2
    assert "prescription.follows" in ran.err
    assert '"US labels"' in ran.err


STEPS = RX[RX.index("[[step]]") :]
RULE = '[taper]\nfrom = "20 mg"\nreduce = "25 %"\nevery = "2 weeks"\nlast = "4 mg"\n'
BY_RULE = ((STEPS, RULE), ('compounded = false\nliquids = "never"\n', ""))


def test_schedule_shows_the_dose_of_each_time_and_how_a_rule_was_rounded(run: Run, rx: Write) -> None:
    """A line for each step, its figures under their heads; then how the rule ends."""
    ran = run("schedule", rx(*BY_RULE))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "RX-7, baclofen: 7 steps in 98 days, Dec 1, 2026 to Mar 8, 2027, from 20 mg to 4 mg a day; "
        "the largest drop is 5 mg.",
        "",
        "  dates                         days   a day    8 AM    8 PM  given as  rule      rounded",
        "  Dec 1 to Dec 14, 2026           14   20 mg   10 mg   10 mg  tablets             as stated",
        "  Dec 15 to Dec 28, 2026          14   15 mg    5 mg   10 mg  tablets   15 mg     to tablets",
        "  Dec 29, 2026 to Jan 11, 2027    14   11 mg    5 mg    6 mg  finer     11.25 mg  to finer doses",
        "  Jan 12 to Jan 25, 2027          14    8 mg    4 mg    4 mg  finer     8.25 mg   to finer doses",
        "  Jan 26 to Feb 8, 2027           14    6 mg    3 mg    3 mg  finer     6 mg      to finer doses",
        "  Feb 9 to Feb 22, 2027           14  4.4 mg  2.2 mg  2.2 mg  finer     4.5 mg    to finer doses",
        "  Feb 23 to Mar 8, 2027           14    4 mg    2 mg    2 mg  finer               as stated",
        "",
        "The rule ends with 4 mg, as stated.",
    ]


ENDS = "The rule ends there: its next dose is "
KEPT = "The rule isn't kept in 1 step: no dose nearer to it can be given."
FREE = ("[policy]", '[policy]\ndivision = "free"')
ON_A_GRID = ('last = "10 mg"', 'round = "grid"\ngrid = "0.5 mg"')
NO_LAST = ('last = "10 mg"\n', "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), [KEPT, "The rule ends with 10 mg, as stated."]),
        ((NO_LAST,), [f"{ENDS}7.5 mg, and none near it can be given."]),
        ((ON_A_GRID,), [f"{ENDS}below 1 mg, a twentieth of the first."]),
        ((("25 %", "5 mg"), NO_LAST), [f"{ENDS}nothing."]),
        ((("25 %", "5 mg"), FREE), ["The doses of the times aren't settled: cost chooses them"]),
    ],
)
def test_schedule_says_how_a_rule_ends(
    run: Run, rx: Write, changes: tuple[tuple[str, str], ...], said: list[str]
) -> None:
    """By what is stated, at nothing, at a small dose, for want of a dose; and where it wasn't kept."""
    ran = run("schedule", rx((STEPS, RULE.replace("4 mg", "10 mg")), *changes))
    assert ran.code == 0
    assert all(words in ran.out for words in said), ran.out


def test_a_rule_that_stays_above_its_last_dose_is_refused(run: Run, rx: Write) -> None:
    """Tablets alone give nothing near 7.5 mg twice a day; the same for every command."""
    for command in ("schedule", "plan", "check"):
        path = rx((STEPS, RULE))
        ran = run(command, path)
        assert (ran.code, ran.out) == (2, "")
        assert (
            f"{path}: taper.last (line 23): found 4 mg, which the rule can't reach: below 10 mg no product" in ran.err
        )


def test_schedule_writes_steps_that_a_prescription_can_hold(run: Run, rx: Write, tmp_path: Path) -> None:
    """A taper rule and its steps are the same taper, which is divided alike."""
    taper = rx(*BY_RULE)
    ran = run("schedule", taper, "-o", "-")
    assert ran.code == 0
    assert ran.out.startswith("# RX-7, baclofen: 7 steps in 98 days")
    doses = ["20 mg", "15 mg", "11 mg", "8 mg", "6 mg", "4.4 mg", "4 mg"]
    assert [step["daily"] for step in tomllib.loads(ran.out)["step"]] == doses
    written = tmp_path / "steps.toml"
    ran = run("schedule", taper, "-o", written)
    assert (ran.code, ran.err) == (0, f"splitter: wrote {written}\n")
    explicit = rx((STEPS, written.read_text(encoding="utf-8")), BY_RULE[1], name="explicit.toml")
    found, again = (json.loads(run("schedule", file, "--json").out) for file in (taper, explicit))
    assert [(step["start"], step["daily_mg"], step["doses_mg"]) for step in found["steps"]] == [
        (step["start"], step["daily_mg"], step["doses_mg"]) for step in again["steps"]
    ]
    assert (again["ending"], again["steps"][0]["rounding"]) == (None, None)
    assert "rounded" not in run("schedule", explicit).out
    ran = run("schedule", taper, "-o", taper)
    assert (ran.code, "the input itself" in ran.err) == (2, True)


def test_schedule_tells_other_programs(run: Run, rx: Write) -> None:
    """What stands in the table, by name."""
    found = json.loads(run("schedule", rx(*BY_RULE), "--json").out)
    assert found["steps"][2] == {
        "start": "2026-12-29",
        "last": "2027-01-11",
        "days": 14,
        "daily_mg": "11",
        "doses_mg": ["5", "6"],
        "form": "fine",
        "rounding": {"exact": "11.25 mg", "clause": "equal", "kept": True},
    }
    del found["steps"]
    assert found == {
        "number": "RX-7",
        "drug": "baclofen",
        "times": ["08:00", "20:00"],
        "days": 98,
        "last": "2027-03-08",
        "largest_drop_mg": "5",
        "is_divided": True,
        "ending": {"reason": "last", "limit": "4 mg"},
    }


def test_standard_input_and_output_stand_for_files(run: Run, rx: Write, tmp_path: Path) -> None:
    """`-` reads and writes a stream; only one input can be it."""
    prescription = rx()
    plan = run("plan", "-", "-o", "-", stdin=RX)
    assert plan.out == run("plan", prescription, "--json").out
    assert run("verify", "-", prescription, stdin=plan.out).out == "agrees\n"
    assert run("labels", "-", "-o", tmp_path / "labels.pdf", stdin=plan.out).code == 0
    ran = run("plan", "-", "--pharmacy", "-", stdin=RX)
    assert (ran.code, "several inputs" in ran.err) == (2, True)


def test_own_pharmacy_and_formulary_are_used(run: Run, rx: Write, tmp_path: Path) -> None:
    """Options name files; without --pharmacy the user's configuration is looked at."""
    own = tmp_path / "own.toml"
    own.write_text('drug = "baclofen"\n[[tablet]]\nid = "five"\nstrength = "5 mg"\nprice = "0.01"\n', encoding="utf-8")
    shop = tmp_path / "configuration" / "splitter" / "pharmacy.toml"
    shop.parent.mkdir(parents=True)
    shop.write_text('[costs]\nitem_fee = "1"\n', encoding="utf-8")
    plan = json.loads(run("plan", rx(), "--formulary", own, "--json").out)
    assert plan["items"][0]["product"] == "five"
    assert plan["costs"]["item_fees"] == "1"
    codes = [each["code"] for each in plan["findings"]]
    assert codes.count("unknown-exclusion") == 3


def test_compare_reads_as_it_should(run: Run, rx: Write) -> None:
    """The whole text on the terminal, as in tests/golden/compare.txt."""
    golden = Path(__file__).parents[1] / "golden" / "compare.txt"
    ran = run("compare", rx())
    assert (ran.code, ran.out) == (0, golden.read_text(encoding="utf-8"))


def test_compare_says_what_nobody_verified(run: Run, tmp_path: Path) -> None:
    """A way that rests on a product that nobody saw on a label says so, and which way it is."""
    path = tmp_path / "rx.toml"
    path.write_text(
        '[prescription]\nnumber = "RX-8"\ndrug = "baclofen"\nstart = 2026-12-01\ntimes = ["08:00"]\n'
        '[policy]\nliquids = "never"\n[[step]]\ndaily = "0.5 mg"\nfor = "7 days"\n',
        encoding="utf-8",
    )
    told = " ".join(run("compare", path).out.split())
    assert "as it stands: facts that are not verified; check the package before dispensing: baclofen 0.5 mg" in told


@pytest.mark.parametrize("name", ["no cutting", "liquid only", "tablets and a volume together"])
def test_an_alternative_is_got_by_its_settings(run: Run, rx: Write, name: str) -> None:
    """The lines that `compare` says, written under [policy], make `plan` give that very plan."""
    found = json.loads(run("compare", rx(), "--json").out)
    (chosen,) = (each for each in found["alternatives"] if each["name"] == name)
    lines = "\n".join(f"{setting['key']} = {setting['value']}" for setting in chosen["settings"])
    policy = ("[policy]", f"[policy]\n{lines}")
    replaced = (policy, ('liquids = "never"\n', "")) if "liquids" in lines else (policy,)
    made = json.loads(run("plan", rx(*replaced), "--json").out)
    assert made["status"] == "optimal"
    assert (made["steps"], made["items"]) == (chosen["plan"]["steps"], chosen["plan"]["items"])
    assert made["total"] == chosen["measures"]["total"]


def test_compare_of_what_cant_be_made_answers_no(run: Run, rx: Write) -> None:
    """The first conflict in one line for all that it stops; a liquid would do, and is shown; exit code 1."""
    ran = run("compare", rx(IMPOSSIBLE))
    assert ran.code == 1
    assert "* liquid only" in ran.out
    text = " ".join(ran.out.split())
    assert "free division and cheapest money: 7 mg a day can't be made: " in text
    assert "no cutting: 7 mg a day can't be made: " in text


def test_compare_goes_on_when_a_limit_ends_a_search(run: Run, rx: Write) -> None:
    """`--node-limit` is that of each plan; rows without a plan say so, and the answer is no."""
    ran = run("compare", rx(), "--node-limit", "1")
    assert "no compounding                   no plan was found within the limits\n" in ran.out
    assert (ran.code, ran.err) == (1, "")


def test_plan_says_why_each_product_is_in_the_mix(run: Run, rx: Write, tmp_path: Path) -> None:
    """`--why` adds the steps that a product serves and the cost without it, to text and file; not by default."""
    prescription, output = rx(), tmp_path / "plan.json"
    ran = run("plan", prescription, "--why", "-o", output)
    assert "baclofen 10 mg tablet: steps 1 and 2 (28 days). Without it: + USD 9.42" in ran.out
    (reason,) = json.loads(output.read_text(encoding="utf-8"))["reasons"]
    assert (reason["product"], reason["steps"], reason["saves"]) == ("baclofen-10mg-tablet", [0, 1], "10.81801")
    assert json.loads(run("plan", prescription, "--json").out)["reasons"] == []
    assert run("verify", output, prescription).code == 0


def test_what_cant_be_made_reads_as_a_pharmacist_would_say_it(run: Run, rx: Write) -> None:
    """The reason, the nearest doses, a nearer one from finer pieces, what would help, and what that costs."""
    ran = run("plan", rx(IMPOSSIBLE))
    text = " ".join(ran.out.split())
    assert (
        "step 2, Dec 15 to Dec 28, 2026: 7 mg a day can't be made: 10 mg and 20 mg tablets may only be halved" in text
    )
    assert "Nearest: 5 mg and 10 mg a day." in text
    assert 'Nearer with halves of the 5 mg and 15 mg tablets (split = "halves"): 7.5 mg.' in text
    assert 'the baclofen 5 mg/mL oral suspension (liquids = "allow"): USD 508.29 in all' in text
    assert "the baclofen 3.5 mg compounded capsule and the baclofen 10 mg compounded capsule" in text
    assert "(compounded = true): USD 77.46 in all" in text
    assert "tolerance" not in text
