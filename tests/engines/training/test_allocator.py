"""Freed memory kept at hand, seen in a process whose memory nobody else has cut up."""

import json
import platform
import subprocess
import sys

import pytest

ASK = """
import json, resource

import psutil
import torch

from engines.training.allocator import keep_freed_memory


def new_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(20_000_000)  # 80 MB, beyond what is ever kept by itself
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def fewest():
    # Aligned pieces fit into freed ones only once some of these have grown together.
    return min(new_pages() for _ in range(41))


def resident():
    return psutil.Process().memory_info().rss


found = {"usual": fewest()}
with keep_freed_memory():
    found["kept"] = fewest()
    held = resident()
found["given_back"] = held - resident()
print(json.dumps(found))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is GNU's malloc")
def test_freed_memory_is_used_again_and_given_back_at_the_end():
    done = subprocess.run(
        [sys.executable, "-c", ASK], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert found["usual"] > 100
    assert found["kept"] == 0
    assert found["given_back"] > 70e6
