"""The light that a landscape is seen in."""

from dataclasses import dataclass

from engines.samples.canvas import Colour, mixed, scaled


@dataclass(frozen=True, kw_only=True, slots=True)
class Hour:
    """The light of an hour.

    Attributes:
        is_night: Whether stars and windows shine.
        sky: Colour at the upper edge and at the horizon.
        lamp: Colour of the sun or the moon.
        radius: Of the sun or the moon.
        cloud: Colour of clouds.
        glass: Colour of windows.
        water: Colour of a lake at its far shore and at the lower edge.
        strength: Brightness that is left of the day's colours, 0-1.
        veil: What they are mixed with.
        share: How much of it, 0-1.
    """

    is_night: bool
    sky: tuple[Colour, Colour]
    lamp: Colour
    radius: float
    cloud: Colour
    glass: Colour
    water: tuple[Colour, Colour]
    strength: float
    veil: Colour
    share: float

    def ink(self, day: Colour) -> Colour:
        """What is left of a colour of the day."""
        return mixed(scaled(day, self.strength), self.veil, self.share)


DAY = Hour(
    is_night=False,
    sky=((84, 172, 244), (214, 240, 255)),
    lamp=(255, 226, 110),
    radius=0.07,
    cloud=(255, 255, 255),
    glass=(120, 164, 196),
    water=((166, 222, 244), (84, 168, 222)),
    strength=1.0,
    veil=(255, 255, 255),
    share=0.0,
)
NIGHT = Hour(
    is_night=True,
    sky=((14, 20, 62), (82, 84, 158)),
    lamp=(250, 244, 214),
    radius=0.055,
    cloud=(78, 84, 144),
    glass=(255, 206, 96),
    water=((66, 78, 150), (20, 32, 88)),
    strength=0.46,
    veil=(26, 40, 112),
    share=0.45,
)
