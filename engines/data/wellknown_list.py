"""Well-known sets that can be fetched, as a menu shows them.

`engines.interop.wellknown` fetches them; this table needs no torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True, slots=True)
class WellKnownSet:
    """What can be known of a set before it is fetched.

    Attributes:
        name: The word on the command line.
        title: What it is called in the window.
        words: What is seen, one sentence.
        pictures: How many, those held out included.
        size: Their side in pixels.
        channels: 1 for grey, 3 for colour.
        classes: How many kinds of things.
        megabytes: To download, in millions of bytes.
        dataset: The class of torchvision.datasets that says where it is.
    """

    name: str
    title: str
    words: str
    pictures: int
    size: int
    channels: int
    classes: int
    megabytes: float
    dataset: str


WELL_KNOWN: Mapping[str, WellKnownSet] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            WellKnownSet(
                name="mnist",
                title="MNIST",
                words="Handwritten digits (LeCun et al. 1998).",
                pictures=70_000,
                size=28,
                channels=1,
                classes=10,
                megabytes=11.6,
                dataset="MNIST",
            ),
            WellKnownSet(
                name="fashion-mnist",
                title="Fashion-MNIST",
                words="Clothes, shoes and bags (Xiao et al. 2017).",
                pictures=70_000,
                size=28,
                channels=1,
                classes=10,
                megabytes=30.9,
                dataset="FashionMNIST",
            ),
            WellKnownSet(
                name="kmnist",
                title="Kuzushiji-MNIST",
                words="Cursive Japanese characters (Clanuwat et al. 2018).",
                pictures=70_000,
                size=28,
                channels=1,
                classes=10,
                megabytes=21.2,
                dataset="KMNIST",
            ),
            WellKnownSet(
                name="cifar10",
                title="CIFAR-10",
                words="Small colour photographs of animals and vehicles "
                "(Krizhevsky 2009).",
                pictures=60_000,
                size=32,
                channels=3,
                classes=10,
                megabytes=170.5,
                dataset="CIFAR10",
            ),
            WellKnownSet(
                name="cifar100",
                title="CIFAR-100",
                words="Small colour photographs of a hundred kinds of things "
                "(Krizhevsky 2009).",
                pictures=60_000,
                size=32,
                channels=3,
                classes=100,
                megabytes=169.0,
                dataset="CIFAR100",
            ),
        )
    }
)
