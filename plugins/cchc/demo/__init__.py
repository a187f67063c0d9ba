"""The demonstration province's senders: a seeded generator of the very files they would send (docs/demonstration.md).

Every row is made up. `generate(inbox, province)` writes; `DEFECTS` lists what is wrong in the files on purpose.
"""

from cchc.demo.defects import DEFECTS, Defect
from cchc.demo.generate import generate

__all__ = ["DEFECTS", "Defect", "generate"]
