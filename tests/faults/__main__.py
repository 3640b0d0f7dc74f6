"""Prints the table that docs/faults.md holds: `python -m tests.faults`."""

import sys

from tests.faults.matrix import table

sys.stdout.write(table())
