"""What people found wrong in other systems and in this one, each with its smallest input: what is right now."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from splitter.plan.seal import SEAL, seal_of
from tests.functional.conftest import RX, Run, Write

HEAD = """
[prescription]
number = "RX-9018"
drug = "{drug}"
start = 2026-12-01
times = ["08:00"]
[patient]
name = "Paula Invented"
[prescriber]
name = "Dr N. Made-Up"
"""
LIQUID = 'drug = "examplamine"\ncurrency = "USD"\n[[liquid]]\nid = "examplamine-drops"\n'
RECIPE = """drug = "examplamine"
currency = "USD"
[[recipe]]
id = "examplamine-2mg-per-ml-compounded"
form = "suspension"
concentration = "2 mg/mL"
beyond_use = "35 days"
storage = "2 to 8 °C"
step = "5 mL"
ingredients = [
  {{ name = "examplamine 10 mg tablets", amount = "20", unit = "tablet", price = "0.05", expires = {expires} }},
  {{ name = "vehicle", amount = "100", unit = "mL", price = "0.08" }},
]
"""


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Write files by name."""

    def write(**texts: str) -> list[Path]:
        paths = [tmp_path / name.replace("_", ".") for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return write


def test_finer_marks_are_tried_on_each_syringe(run: Run, files: Any) -> None:
    """50 mg of 50 mg/1.25 mL is 1.25 mL: no syringe by 0.1 mL measures it, one of 3 mL by 0.05 mL does."""
    formulary = LIQUID + 'concentration = "50 mg/1.25 mL"\nbottles = [{ volume = "30 mL", price = "5.00" }]\n'
    steps = '[[step]]\ndaily = "50 mg"\nfor = "1 week"\n'
    rx, own = files(rx_toml=HEAD.format(drug="examplamine") + steps, own_toml=formulary)
    ran = run("plan", rx, "--formulary", own, "--json")
    (conflict,) = json.loads(ran.out)["conflicts"]
    relaxed = {each["key"]: each for each in conflict["relaxations"]}
    assert relaxed["syringes"]["value"] == "3 mL by 0.05 mL too"
    assert relaxed["syringes"]["message"] == "a finer syringe: 3 mL by 0.05 mL"


def test_what_was_not_tried_is_not_denied(run: Run, files: Any) -> None:
    """Where no change helps, the answer speaks of those that were tried."""
    formulary = LIQUID + 'concentration = "7 mg/3 mL"\nbottles = [{ volume = "30 mL", price = "5.00" }]\n'
    steps = '[[step]]\ndaily = "1 mg"\nfor = "1 week"\n'
    rx, own = files(rx_toml=HEAD.format(drug="examplamine") + steps, own_toml=formulary)
    assert "no change of a single setting, of those that were tried," in " ".join(
        run("plan", rx, "--formulary", own).out.split()
    )


@pytest.mark.parametrize(
    ("code", "exit_code"), [("36565411000001101", 0), ("36565411000001100", 2), ("3656541100000110", 2)]
)
def test_codes_that_a_spreadsheet_rounded_are_refused(run: Run, files: Any, code: str, exit_code: int) -> None:
    """The last digit of a code of dm+d fits the others."""
    (own,) = files(
        baclofen_toml='drug = "baclofen"\ncurrency = "GBP"\ncountry = "GB"\n[[tablet]]\nid = "baclofen-10mg-tablet"\n'
        f'strength = "10 mg"\npacks = [{{ count = 84, price = "1.40" }}]\ndmd = ["{code}"]\n'
    )
    ran = run("formulary", "check", own, "--json")
    faults = json.loads(ran.out)["faults"]
    assert [fault["key"] for fault in faults] == ([] if exit_code == 0 else ["tablet[0].dmd[0]"])
    assert all("a spreadsheet rounds it" in fault["remedy"] and fault["line"] == 8 for fault in faults)


@pytest.mark.parametrize(
    ("expires", "last"),
    [('"2026-12"', "2026-12-31"), ("2026-12-20", "2026-12-20"), ('"2028-02"', None), ('"12/2026"', "refused")],
)
def test_a_month_without_a_day_means_its_last_day(run: Run, files: Any, expires: str, last: str | None) -> None:
    """As packages are marked; the remedy for other ways to write a month says so."""
    steps = '[[step]]\ndaily = "10 mg"\nfor = "3 weeks"\n'
    rx, own = files(rx_toml=HEAD.format(drug="examplamine") + steps, own_toml=RECIPE.format(expires=expires))
    ran = run("plan", rx, "--formulary", own, "--json")
    if last == "refused":
        assert (ran.code, '"2026-12", which means its last day' in ran.err) == (2, True)
        return
    (product,) = json.loads(ran.out)["products"]
    assert (f"which expires on {last}" in product["beyond_use_basis"]) is (last is not None)


def test_one_of_a_thing_is_told_in_the_singular(run: Run, files: Any) -> None:
    """No line of an answer counts "1 days"."""
    steps = "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "1 day"\n' for dose in (5, 0, 5))
    order = HEAD.format(drug="prednisone").replace("2026-12-01\n", "2026-12-01\nwritten = 2026-11-30\n")
    (rx,) = files(rx_toml=order + steps)
    for command in ("plan", "check", "compare"):
        ran = run(command, rx)
        assert "again on" in ran.out or command == "compare"
        assert re.findall(r"\b1 (?:day|step|tablet|label|unit|piece|volume|batch|item|visit|week)e?s\b", ran.out) == []
    assert "after 1 day without" in " ".join(run("plan", rx).out.split())


@pytest.mark.parametrize("drug", ["Baclofen", "BACLOFEN", "baclofen"])
def test_a_drug_has_one_name_however_it_is_written(run: Run, rx: Write, tmp_path: Path, drug: str) -> None:
    """It is planned, agrees with the second check, and prints."""
    path, plan = rx(('"baclofen"', f'"{drug}"')), tmp_path / "plan.json"
    assert run("plan", path, "-o", plan).code == 0
    assert (run("verify", plan, path).out, run("labels", plan, "-o", tmp_path / "l.pdf").code) == ("agrees\n", 0)


@pytest.mark.parametrize("seal", ["as it was", "made anew"])
@pytest.mark.parametrize("change", ["taken out", "weakened"])
def test_a_stop_is_not_edited_away(run: Run, rx: Write, tmp_path: Path, change: str, seal: str) -> None:
    """A plan over the labelled maximum isn't printed when its finding is edited, and the second check misses it."""
    path, plan = rx(('daily = "20 mg"', 'daily = "100 mg"')), tmp_path / "plan.json"
    assert run("plan", path, "-o", plan).code == 1
    fields = json.loads(plan.read_text(encoding="utf-8"))
    if change == "taken out":
        fields["findings"] = [each for each in fields["findings"] if each["severity"] != "stop"]
    else:
        fields["findings"] = [each | {"severity": "note"} for each in fields["findings"]]
    if seal == "made anew":
        fields[SEAL] = seal_of(fields)
    plan.write_text(json.dumps(fields), encoding="utf-8")
    ran = run("verify", plan, path)
    assert (ran.code, "verify-findings" in ran.out or "verify-seal" in ran.out) == (1, True)
    if seal == "as it was":
        ran = run("labels", plan, "-o", tmp_path / "labels.pdf")
        assert (ran.code, "verify-seal" in ran.err, (tmp_path / "labels.pdf").exists()) == (1, True, False)


FAULTY = {
    "a thousand steps without units": RX[: RX.index("[[step]]")] + '[[step]]\ndaily = "5"\nfor = "1 day"\n' * 1000,
    "fifty faults below much else": "#\n" * 900_000 + RX + "x = 1\n" + "".join(f"y{i} = 1\n" for i in range(50)),
    "a hundred thousand unknown keys": RX + "".join(f"z{i} = 1\n" for i in range(100_000)),
}


@pytest.mark.parametrize("name", FAULTY)
def test_many_faults_are_told_in_little_time(run: Run, files: Any, name: str) -> None:
    """The first fifty with their lines, and how many more there are; time grows with the file, not with its square."""
    (path,) = files(rx_toml=FAULTY[name])
    began = time.process_time()
    ran = run("schedule", path)
    assert time.process_time() - began < 10
    lines = ran.err.splitlines()
    assert ran.code == 2
    assert len(lines) == 51
    assert all("(line " in line for line in lines[:50])
    assert re.fullmatch(r"splitter: error: and \d+ more, told when these are mended", lines[-1])


def test_a_key_that_nobody_means_takes_no_time(run: Run, files: Any) -> None:
    """One of two million points would be two million tables around each other."""
    (path,) = files(rx_toml=f'{RX}"{"." * 1_900_000}" = 1\n')
    began = time.process_time()
    ran = run("schedule", path)
    assert time.process_time() - began < 5
    assert (ran.code, "(line 26): found a key of 1900000 characters; write at most 100" in ran.err) == (2, True)


def test_faults_below_the_door_name_file_line_and_key(run: Run, rx: Write, tmp_path: Path) -> None:
    """Of a label, a policy, a drug's name, a step: in the words of the file that somebody wrote."""
    unknown = rx(('"Ada Example"', '"Ada \u0f00 Example"'))
    said = f"{unknown}: patient.name (line 9): found a character"
    assert said in run("fill", unknown, "-o", tmp_path / "fill").err
    run("plan", unknown, "-o", tmp_path / "plan.json")
    ran = run("labels", tmp_path / "plan.json", "-o", tmp_path / "labels.pdf")
    said = re.escape(f"{tmp_path / 'plan.json'}: prescription.patient.name (line ") + r"\d+\): found a character"
    assert re.search(said, ran.err)
    policy = rx(("[policy]", '[policy]\nmin_volume = "30 mL"'))
    assert f"{policy}: policy.min_volume (line 15): found 30 mL" in run("plan", policy).err
    drug = rx(('"baclofen"', '"bacloffen"'))
    assert f"{drug}: prescription.drug (line 3): found bacloffen" in run("check", drug).err
    slip = rx(('daily = "15 mg"', 'daily = "1500 mg"'))
    assert f"{slip}: step[1] (line 23): found 1500 mg a day" in run("plan", slip).err


SHELF = """drug = "examplamine"
currency = "USD"
cautions = ["Keep it dry.", "{caution}"]
[[liquid]]
id = "examplamine-drops"
concentration = "50 mg/mL"
bottles = [{{ volume = "30 mL", price = "5.00" }}]
[[tablet]]
id = "examplamine-5mg-tablet"
name = "{name}"
strength = "5 mg"
price = "0.10"
storage = "{storage}"
"""
SOUND = {"caution": "Keep it shut.", "name": "examplamine tablet", "storage": "20 to 25 °C"}


@pytest.mark.parametrize(
    ("words", "place", "in_plan"),
    [
        ({"name": "examplamine \u0f00"}, "tablet[0].name (line 10): found a character", "products[0].name (line "),
        ({"storage": "20 \u0f00 °C"}, "tablet[0].storage (line 13): found a char", "products[0].storage (line "),
        ({"storage": "<5 °C"}, "tablet[0].storage (line 13): found '<5 °C.'", "items[0] (line "),
        ({"caution": "Keep it \u0f00."}, "cautions[1] (line 3): found a character", "cautions[1] (line "),
    ],
)
def test_faults_of_a_products_words_name_its_own_line(
    run: Run, files: Any, tmp_path: Path, words: dict[str, str], place: str, in_plan: str
) -> None:
    """In the formulary, for who has a prescription, in a batch too; in the plan, for who has that."""
    steps = '[[step]]\ndaily = "5 mg"\nfor = "1 week"\n'
    rx, own = files(rx_toml=HEAD.format(drug="examplamine") + steps, own_toml=SHELF.format(**SOUND | words))
    ran = run("fill", rx, "--formulary", own, "-o", tmp_path / "fill")
    assert (ran.code, f"{own}: {place}" in ran.err) == (2, True), ran.err
    run("plan", rx, "--formulary", own, "-o", tmp_path / "plan.json")
    ran = run("labels", tmp_path / "plan.json", "-o", tmp_path / "labels.pdf")
    assert (ran.code, f"{tmp_path / 'plan.json'}: {in_plan}" in ran.err) == (2, True), ran.err
    own.rename(tmp_path / "own.formulary")
    run("batch", tmp_path, "--formulary", tmp_path / "own.formulary", "-o", tmp_path / "out")
    assert place in (tmp_path / "out" / "refused.csv").read_text(encoding="utf-8").replace('""', '"')


def test_faults_of_a_product_name_the_file_of_ones_own_that_states_it(
    run: Run, rx: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is laid over a built-in product, and not the file that it is laid over."""
    own = tmp_path / "home" / "splitter" / "formulary" / "own.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[[product]]\ndrug = "baclofen"\nid = "baclofen-10mg-tablet"\nname = "x \u0f00"\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    ran = run("fill", rx(), "-o", tmp_path / "fill")
    assert f"{own}: product[0].name (line 4): found a character" in ran.err
    own.write_text('drug = "baclofen"\ncautions = ["x \u0f00"]\n', encoding="utf-8")
    ran = run("fill", rx(), "-o", tmp_path / "fill")
    assert f"{own}: cautions[0] (line 2): found a character" in ran.err


def test_faults_of_a_plan_file_name_the_line(run: Run, rx: Write, tmp_path: Path) -> None:
    """Of form and of meaning, first and last; the line is that of the nearest thing that stands there."""
    plan = tmp_path / "plan.json"
    run("plan", rx(), "-o", plan)
    text = plan.read_text(encoding="utf-8")
    lines = text.split("\n")
    for sound, bad in (('"days": 14', '"days": -1'), ('"parts": []', '"parts": 7')):
        changed = text[: text.rindex(sound)] + bad + text[text.rindex(sound) + len(sound) :]
        plan.write_text(changed, encoding="utf-8")
        ran = run("verify", plan, rx())
        match = re.search(rf"{re.escape(str(plan))}: ([^ ]+) \(line (\d+)\): found", ran.err)
        assert match, ran.err
        assert sound in lines[int(match[2]) - 1]


def test_faults_of_a_pharmacys_words_name_its_file(run: Run, rx: Write, tmp_path: Path) -> None:
    """The pharmacy that was named, not the prescription."""
    shop = tmp_path / "pharmacy.toml"
    shop.write_text('[pharmacy]\nname = "Corner \u0f00"\naddress = "A"\nphone = "1"\nlicence = "L"\n', encoding="utf-8")
    ran = run("fill", rx(), "--pharmacy", shop, "-o", tmp_path / "fill")
    assert (ran.code, f"{shop}: pharmacy.name (line 2): found a character" in ran.err) == (2, True)


def test_a_batch_names_files_lines_and_keys_too(run: Run, rx: Write, tmp_path: Path) -> None:
    """In its list of what was refused."""
    rx(("Ada Example", "Ada \u0f00"), name="in/a.toml")
    run("batch", tmp_path / "in", "-o", tmp_path / "out")
    assert "a.toml: patient.name (line 9)" in (tmp_path / "out" / "refused.csv").read_text(encoding="utf-8")


def test_a_limit_of_time_holds_for_the_explanation_too(run: Run, files: Any) -> None:
    """Where no two steps go together, what each change would cost is asked only until the limit."""
    times = "".join(f'"{hour:02}:00", ' for hour in range(0, 24, 4))
    head = HEAD.format(drug="baclofen").replace('["08:00"]', f"[{times}]") + '[policy]\nfine = "free"\n'
    steps = "".join(f'[[step]]\ndaily = "{60 - place * 3 / 10:.1f} mg"\nfor = "2 days"\n' for place in range(190))
    (rx,) = files(rx_toml=head + steps)
    began = time.process_time()
    ran = run("plan", rx, "--time-limit", "1")
    assert time.process_time() - began < 5
    assert (ran.code, "steps 136 and 190 together" in ran.out) == (1, True)


def _steps(*doses: str, each: str = "2 weeks") -> str:
    return "".join(f'[[step]]\ndaily = "{dose} mg"\nfor = "{each}"\n' for dose in doses)


# drug, what else the head says, steps, the codes of what stops it
STOPPED = {
    "20 to 1 to 6 mg, begun a year ago": (
        "clonazepam",
        "start = 2025-12-01\n",
        _steps("20", "1", "6"),
        {"large-drop", "large-rise", "start-long-ago"},
    ),
    "600 mg of prednisone": ("prednisone", "", _steps("600", each="3 days"), {"far-over-usual-dose"}),
    "5 to 50 mg": ("prednisone", "", _steps("5", "50", each="1 week"), {"large-rise"}),
    "ten fills of a schedule II drug": ("methadone", "", _steps("40", "20", each="20 weeks"), {"refills-beyond-law"}),
    "ten fills of a schedule IV drug": ("diazepam", "", _steps("20", "10", each="20 weeks"), {"refills-beyond-law"}),
    "one fill of a schedule II drug": ("methadone", "", _steps("40", "30"), set()),
    "too few tablets": (
        "prednisone",
        'quantity = "100 tablets of 5 mg"\n',
        _steps("60", "40", "30", "20", "10", "5", each="7 days"),
        {"quantity-contradicts"},
    ),
    "20 mg of tizanidine at once": ("tizanidine", "", _steps("20"), {"over-single-maximum"}),
    "16 mg of tizanidine at once": ("tizanidine", "", _steps("16"), set()),
}


@pytest.mark.parametrize("name", STOPPED)
def test_what_is_dangerous_is_stopped(run: Run, files: Any, name: str) -> None:
    """Nothing of it is printed, and the plan says why; what is just allowed goes through."""
    drug, more, steps, codes = STOPPED[name]
    head = HEAD.format(drug=drug)
    first = "start = 2026-12-01\n"
    head = head.replace(first, more if more.startswith("start") else first + more)
    (rx,) = files(rx_toml=head + steps)
    ran = run("plan", rx, "--json")
    found = {each["code"] for each in json.loads(ran.out)["findings"] if each["severity"] == "stop"}
    assert found == codes
    assert ran.code == bool(codes)
