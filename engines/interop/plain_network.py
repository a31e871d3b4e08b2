"""The network behind a translator, alone, on the CPU and in 32 bits."""

import copy

from torch import nn

from engines.base import Engine, Translator
from engines.training.jobs import Direction


def plain_network(translator: Translator, direction: Direction) -> nn.Module:
    """A copy of the generator for *direction*, in eval mode.

    Of an engine it has the weights that are kept, where the engine itself may compute
    with copies in 16 bits.
    """
    network = copy.deepcopy(translator.generator_for(direction)).cpu().float().eval()
    if isinstance(translator, Engine):
        # One generator a direction, in the same order.
        start = f"{translator.used[translator.directions.index(direction)]}."
        kept = translator.weights().items()
        network.load_state_dict(
            {k.removeprefix(start): v for k, v in kept if k.startswith(start)}
        )
    return network.requires_grad_(False)
