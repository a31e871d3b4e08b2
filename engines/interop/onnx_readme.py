"""The text beside an exported file: what goes in, what comes out, how to use it."""

from engines.interop.destinations import Destination


def readme(
    destination: Destination,
    *,
    file: str,
    title: str,
    image_size: int,
    multiple: int,
    pictures: int,
    largest_difference: float,
) -> str:
    """The whole text.

    Args:
        destination: What the file was made for.
        file: Its name.
        title: What the model is called, and which of its states this is.
        image_size: Side of the pictures that it learnt from, in pixels.
        multiple: Of which sides must be, where the file does not see to it.
        pictures: On how many it was compared with the model.
        largest_difference: Between the file and the model, in steps of 8-bit colours.
    """
    sizes = _sizes(destination, image_size, multiple)
    return (
        f"{file}\n"
        f"{title}, for {destination.label}.\n"
        "\n"
        f"Format   ONNX, opset {destination.opset}, 32-bit floats, a single file\n"
        f"Input    'input', {sizes}\n"
        "Output   'output', same shape\n"
        "Order    batch, channel, row, column; channels red, green, blue\n"
        f"Numbers  from {destination.lowest} (dark) to 1 (light), in and out\n"
        f"Learnt   on pictures of {image_size} x {image_size} pixels\n"
        f"Checked  against the model itself on {pictures} pictures: the largest "
        f"difference is {largest_difference:.4f} of 255\n"
        "\n"
        "How to use it\n"
        f"{_steps(destination, file, image_size, multiple)}"
    )


def _sizes(destination: Destination, image_size: int, multiple: int) -> str:
    if not destination.any_size:
        return f"1 x 3 x {image_size} x {image_size}"
    if destination.pads:
        return "N x 3 x height x width, any size"
    return f"N x 3 x height x width, both multiples of {multiple}"


def _steps(destination: Destination, file: str, image_size: int, multiple: int) -> str:
    if destination.name == "chainner":
        steps = [
            "In chaiNNer, add the nodes Load Model (ONNX), Load Image, Upscale Image "
            "(ONNX) and Save Image.",
            f"Choose {file} in the first one.",
            "Connect them; set the tile size so that the whole picture fits, since "
            "tiles of a picture may differ in colour.",
            "Run the chain. The result has the size of the picture.",
        ]
    else:
        size = (
            f"Resize it to {image_size} x {image_size}"
            if not destination.any_size
            else f"Resize it, or mirror its edges, to multiples of {multiple}"
        )
        steps = [
            "Read a picture as red, green and blue, 8 bits each (OpenCV reads blue "
            "first: turn the order round).",
            f"{size}. The size it learnt at gives what the program shows.",
            "Compute number / 127.5 - 1, as 32-bit floats.",
            "Put the channels first and add a batch of one: 1 x 3 x height x width.",
            f"Load {file} and run it with this as 'input'. In Python: "
            f'onnxruntime.InferenceSession("{file}").run(["output"], '
            '{"input": x}).',
            "Compute (number + 1) x 127.5 of 'output', round, keep within 0 to 255.",
            "Put the channels last: that is the picture.",
        ]
    return "".join(f"{n}. {step}\n" for n, step in enumerate(steps, start=1))
