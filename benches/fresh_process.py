"""What only a fresh process shows: the peak of memory, and how soon Ctrl-C stops a call."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PEAK = """
import re
import numpy as np
import mutua

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024

x, y = np.random.default_rng(0).standard_normal((2, {n}))
mutua.mutual_information(x[:1000], y[:1000], estimator=mutua.KSG(k=3), n_jobs=1)
before = peak()
mutua.mutual_information(x, y, estimator=mutua.KSG(k=3), n_jobs=1)
print((peak() - before) / {n})
"""


def memory_a_point(n: int) -> float:
    """Bytes by which KSG 1+1 raises the largest resident size; as Linux tells it."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK.format(n=n)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


LOOP = """
import signal
import sys
import time
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the script runs in the background
sys.path.insert(0, {root!r})
from benches.contests import contests

call = contests({quick})[{name!r}]().ours
start = time.monotonic()
call()
try:
    print(time.monotonic() - start, flush=True)
    while True:
        call()
except KeyboardInterrupt:
    print(time.monotonic())
"""

# An interrupt that has not come through by then never will.
LOST_SECONDS = 60


def interrupt_latency(name: str, share: float, quick: bool) -> float:
    """Seconds from an interrupt, sent when this share of a call is done, to `KeyboardInterrupt`."""
    code = LOOP.format(root=str(ROOT), quick=quick, name=name)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        time.sleep(share * float(child.stdout.readline()))
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        try:
            return float(child.communicate(timeout=LOST_SECONDS)[0]) - sent
        except subprocess.TimeoutExpired:
            sys.exit(f"an interrupt of {name} was lost")
        finally:
            child.kill()
