"""What exists, as functions from files to records: an overview, one file checked or compared, a new one, prices.

`overview` says what is in force for each drug, `checking` finds what is wrong or doubtful in a file, `differences`
compares it with what is in force, `template` begins one, `importing` takes prices from published lists.
"""

from splitter.service.formularies.checking import CheckedFile, Suspicion, check_file
from splitter.service.formularies.differences import Difference, Kind, compare_file
from splitter.service.formularies.importing import import_prices, overlay_of, refuse_replacing
from splitter.service.formularies.overview import DrugSummary, in_force, overview, shown_drug
from splitter.service.formularies.template import new_formulary, refuse_existing
from splitter.service.formularies.traps import traps

__all__ = [
    "CheckedFile",
    "Difference",
    "DrugSummary",
    "Kind",
    "Suspicion",
    "check_file",
    "compare_file",
    "import_prices",
    "in_force",
    "new_formulary",
    "overlay_of",
    "overview",
    "refuse_existing",
    "refuse_replacing",
    "shown_drug",
    "traps",
]
