"""Networks written down as ONNX graphs, layer by layer.

Written by hand rather than traced: a trace records the branch that a layer of ours
happened to take for one size, and torch's exporters change what other threads see
while one of them trains.

Shapes: N = batch, C = channels, H, W = sides in pixels.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from engines.interop import published_nets as published
from engines.nets.dropout import Dropout
from engines.nets.resnet import Residual, ResNet
from engines.nets.unet import UNet

Step: TypeAlias = Callable[[str], str]
"""Appends nodes to a graph: the name of a value to that of what becomes of it."""

_MAKER = "image-translation-studio"
_IR_VERSION = 8  # of the file format, the first that has opset 17


class Graph:
    """An ONNX graph in the making. Values go by their names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Append an operator; the name of what it gives."""
        name = f"{operator}_{len(self.nodes)}"
        made = helper.make_node(operator, inputs, [name], name=name, **attributes)
        self.nodes.append(made)
        return name

    def constant(self, value: NDArray[Any] | np.float32 | Tensor) -> str:
        """Keep numbers in the file; their name."""
        name = f"constant_{len(self.constants)}"
        numbers = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
        self.constants.append(numpy_helper.from_array(numbers, name))
        return name

    def whole(self, *numbers: int) -> str:
        """A constant row of whole numbers."""
        return self.constant(np.array(numbers, np.int64))

    def finished(
        self,
        *,
        result: str,
        sides: tuple[str, str] | tuple[int, int],
        opset: int,
        texts: Mapping[str, str],
    ) -> onnx.ModelProto:
        """The model, checked: "input" to "output", (N, 3, H, W) float32 both.

        Args:
            result: The value that is the output.
            sides: H and W; names where they are open, as N then is.
            opset: Version of the operators.
            texts: Kept in the file for who reads it.
        """
        self.nodes.append(helper.make_node("Identity", [result], ["output"]))
        batch = "batch" if isinstance(sides[0], str) else 1
        value = helper.make_tensor_value_info
        kind, shape = onnx.TensorProto.FLOAT, [batch, 3, *sides]
        graph = helper.make_graph(
            self.nodes,
            "translation",
            [value("input", kind, shape)],
            [value("output", kind, shape)],
            self.constants,
        )
        model = helper.make_model(
            graph,
            producer_name=_MAKER,
            ir_version=_IR_VERSION,
            opset_imports=[helper.make_opsetid("", opset)],
        )
        helper.set_model_props(model, dict(texts))
        onnx.checker.check_model(model, full_check=True)
        return model


def add_network(graph: Graph, layer: nn.Module, x: str) -> str:
    """Append *layer*, in eval mode, with all that is in it; the name of its result."""
    for kind, add in _LAYERS.items():
        if isinstance(layer, kind):
            return add(graph, layer, x)
    raise TypeError(f"{type(layer).__name__} has no equal in ONNX here")


# ----------------------------------------------------------------------------
# Layers.


def _conv(graph: Graph, layer: nn.Conv2d | nn.ConvTranspose2d, x: str) -> str:
    more = {}
    if isinstance(layer, nn.ConvTranspose2d):
        more["output_padding"] = list(layer.output_padding)
    values = [layer.weight] if layer.bias is None else [layer.weight, layer.bias]
    return graph.node(
        "ConvTranspose" if isinstance(layer, nn.ConvTranspose2d) else "Conv",
        x,
        *map(graph.constant, values),
        kernel_shape=list(layer.kernel_size),
        strides=list(layer.stride),
        pads=2 * [int(side) for side in layer.padding],
        **more,
    )


def _instance_norm(graph: Graph, layer: nn.InstanceNorm2d, x: str) -> str:
    channels = layer.num_features
    scale = layer.weight if layer.affine else torch.ones(channels)
    shift = layer.bias if layer.affine else torch.zeros(channels)
    values = map(graph.constant, (scale, shift))
    return graph.node("InstanceNormalization", x, *values, epsilon=layer.eps)


def _batch_norm(graph: Graph, layer: nn.BatchNorm2d, x: str) -> str:
    assert layer.running_mean is not None
    assert layer.running_var is not None
    kept = (layer.weight, layer.bias, layer.running_mean, layer.running_var)
    values = map(graph.constant, kept)
    return graph.node("BatchNormalization", x, *values, epsilon=layer.eps)


def _reflection(graph: Graph, layer: nn.ReflectionPad2d, x: str) -> str:
    left, right, top, bottom = layer.padding
    pads = graph.whole(0, 0, top, left, 0, 0, bottom, right)
    return graph.node("Pad", x, pads, mode="reflect")


def _chain(graph: Graph, layers: Iterable[nn.Module], x: str) -> str:
    for layer in layers:
        x = add_network(graph, layer, x)
    return x


def _unet(graph: Graph, network: UNet, x: str) -> str:
    skips = []
    for layer in network.encoder:
        x = add_network(graph, layer, x)
        skips.append(x)
    x = add_network(graph, network.decoder[0], skips.pop())
    for layer in list(network.decoder)[1:]:
        x = add_network(graph, layer, graph.node("Concat", x, skips.pop(), axis=1))
    return x


def _published_level(graph: Graph, block: published.UnetBlock, x: str) -> str:
    y = add_network(graph, block.model, x)
    return y if block.is_outermost else graph.node("Concat", x, y, axis=1)


_Add = Callable[[Graph, Any, str], str]
_LAYERS: dict[type[nn.Module], _Add] = {
    nn.Conv2d: _conv,
    nn.ConvTranspose2d: _conv,
    nn.InstanceNorm2d: _instance_norm,
    nn.BatchNorm2d: _batch_norm,
    nn.ReflectionPad2d: _reflection,
    nn.ReLU: lambda graph, _, x: graph.node("Relu", x),
    nn.LeakyReLU: lambda graph, layer, x: graph.node(
        "LeakyRelu", x, alpha=layer.negative_slope
    ),
    nn.Tanh: lambda graph, _, x: graph.node("Tanh", x),
    nn.Identity: lambda _graph, _, x: x,
    Dropout: lambda _graph, _, x: x,
    nn.Sequential: _chain,
    UNet: _unet,
    ResNet: lambda graph, network, x: add_network(graph, network.layers, x),
    Residual: lambda graph, block, x: graph.node(
        "Add", x, add_network(graph, block.layers, x)
    ),
    published.UnetGenerator: lambda graph, net, x: add_network(graph, net.model, x),
    published.UnetBlock: _published_level,
    published.ResnetGenerator: lambda graph, net, x: add_network(graph, net.model, x),
    published.ResnetBlock: lambda graph, block, x: graph.node(
        "Add", x, add_network(graph, block.conv_block, x)
    ),
}


# ----------------------------------------------------------------------------
# Around a network.


def add_from_zero(graph: Graph, translate: Step, x: str) -> str:
    """*translate*, which knows numbers from -1 to 1, for numbers from 0 to 1."""
    half, one, two = (graph.constant(np.float32(n)) for n in (0.5, 1, 2))
    y = translate(graph.node("Sub", graph.node("Mul", x, two), one))
    return graph.node("Mul", graph.node("Add", y, one), half)


def add_mirrored(graph: Graph, multiple: int, translate: Step, x: str) -> str:
    """*translate* for sides of any length: edges mirrored, and cut off again.

    A side of n pixels gets pixels at both ends up to the next multiple, of indices
    that go back and forth between 0 and n - 1: also where there are more to add than
    there are, which ONNX's own padding leaves undefined.
    """
    shape = graph.node("Shape", x)
    zero, one, two = map(graph.whole, (0, 1, 2))
    cuts = []
    for axis in (2, 3):
        n = graph.node("Gather", shape, graph.whole(axis), axis=0)  # (1,)
        negative = graph.node("Sub", zero, n)
        missing = graph.node("Mod", negative, graph.whole(multiple))  # in [0, multiple)
        before = graph.node("Div", missing, two)
        first = graph.node("Sub", zero, before)
        end = graph.node("Add", graph.node("Add", n, missing), first)
        ends = [graph.node("Squeeze", value) for value in (first, end, one)]
        index = graph.node("Abs", graph.node("Range", *ends))
        # There and back; one pixel alone stays where it is.
        round_trip = graph.node("Mul", graph.node("Sub", n, one), two)
        period = graph.node("Max", round_trip, one)
        there = graph.node("Mod", index, period)
        back = graph.node("Sub", period, there)
        x = graph.node("Gather", x, graph.node("Min", there, back), axis=axis)
        cuts.append((before, graph.node("Add", before, n), graph.whole(axis)))
    y = translate(x)
    for cut in cuts:
        y = graph.node("Slice", y, *cut)
    return y
