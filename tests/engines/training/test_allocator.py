"""Freed memory kept at hand, seen in a process whose memory nobody else has cut up."""

import json
import platform
import subprocess
import sys

import pytest

ASK = """
import json, resource
from statistics import median

import torch

from engines.training.allocator import keep_freed_memory


def new_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(20_000_000)  # 80 MB, beyond what is ever kept by itself
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


# Aligned pieces fit into freed ones only once some of these have grown together.
def most_often():
    return median(new_pages() for _ in range(41))


found = [most_often()]
with keep_freed_memory():
    found.append(most_often())
found.append(most_often())
print(json.dumps(found))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is GNU's malloc")
def test_freed_memory_comes_back_without_new_pages():
    done = subprocess.run(
        [sys.executable, "-c", ASK], check=True, capture_output=True, text=True
    )
    before, kept, after = json.loads(done.stdout)
    assert kept == 0
    assert min(before, after) > 100
