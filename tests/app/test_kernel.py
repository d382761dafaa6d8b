"""The limits of the process behind a page, in a process of its own: they cannot be lifted again."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from convlab.app.kernel import LIMITS, limit_resources

accepted = limit_resources()
assert set(accepted) == set(LIMITS), accepted
try:
    bytearray(4 * 1024**3)
except MemoryError:
    print("refused")
print(len(bytearray(256 * 1024**2)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems accept only some of the limits")
def test_too_much_memory_is_refused_and_the_process_lives_on():
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert result.stderr == ""
    assert result.stdout.split() == ["refused", str(256 * 1024**2)]
