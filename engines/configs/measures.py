"""What engines that learn without a right answer are measured by.

All three compare made pictures with real ones, without networks or downloads.
"""

from engines.training.reports import Curve

SWD = Curve(
    name="swd",
    label="Likeness",
    words="How far the made pictures are from held-out ones as a crowd: in colours, "
    "shapes and fine detail (sliced Wasserstein distance × 1000). Lower is better.",
    plot="measures",
    better="lower",
)

DIVERSITY = Curve(
    name="diversity",
    label="Variety",
    words="How much the made pictures differ from each other: 1 is as varied as real "
    "ones, near 0 they are all the same.",
    plot="words",
    better="higher",
    reference=1.0,
    reference_words="as real pictures",
)

NEAREST = Curve(
    name="nearest",
    label="Newness",
    words="How far the made pictures are from the nearest one it learnt from: 1 is as "
    "far as pictures it never saw, near 0 they are learnt by heart.",
    plot="words",
    reference=1.0,
    reference_words="as unseen pictures",
)
