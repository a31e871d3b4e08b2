"""What a camera wrote about a picture, kept where it is still true.

The picture is turned upright when it is read, and its translation has other contents,
so what speaks of the layout of the old file (strips, thumbnail, size) must not be
carried over. The tags are those of Exif 3.0 (CIPA DC-008-2023), section 4.6.
"""

from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base

# Of the main directory. A TIFF keeps its layout there too, so these are named singly.
_KEPT = (
    Base.ImageDescription,
    Base.Make,
    Base.Model,
    Base.XResolution,
    Base.YResolution,
    Base.ResolutionUnit,
    Base.Software,
    Base.DateTime,
    Base.Artist,
    Base.Copyright,
    Base.Rating,
    Base.RatingPercent,
    Base.XPTitle,
    Base.XPComment,
    Base.XPAuthor,
    Base.XPKeywords,
    Base.XPSubject,
)
_STALE = (Base.ExifImageWidth, Base.ExifImageHeight, Base.ExifInteroperabilityOffset)


def orientation(image: Image.Image) -> int:
    """Which side is up, 1..8 as EXIF counts; 1 where nothing readable says so."""
    try:
        return int(image.getexif().get(Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF does not spoil the picture
        return 1


def upright_exif(image: Image.Image) -> bytes:
    """The EXIF of a loaded picture as it is once the picture stands upright.

    Returns:
        Bytes that begin with "Exif", orientation 1; none where the picture has no EXIF
        or it is damaged. A single damaged tag is left out.
    """
    try:
        tags = _tags(image.getexif())
        return _packed(tags) if tags else b""
    except Exception:  # noqa: BLE001 - damaged EXIF does not spoil the picture
        return b""


def exif_tags(data: bytes) -> dict[int, Any]:
    """The tags in EXIF bytes, the Exif and GPS directories as dictionaries inside.

    Damaged bytes have no tags.
    """
    try:
        exif = Image.Exif()
        exif.load(data)
        return _tags(exif)
    except Exception:  # noqa: BLE001 - damaged EXIF does not spoil the picture
        return {}


def _tags(exif: Image.Exif) -> dict[int, Any]:
    found: dict[int, Any] = {tag: exif[tag] for tag in _KEPT if tag in exif}
    tags = {tag: found[tag] for tag in found if _can_be_written({tag: found[tag]})}
    for directory in (IFD.Exif, IFD.GPSInfo):
        inside = {
            tag: value
            for tag, value in exif.get_ifd(directory).items()
            if not (directory == IFD.Exif and tag in _STALE)
            and _can_be_written({directory: {tag: value}})
        }
        if inside:
            tags[directory] = inside
    return tags | {int(Base.Orientation): 1} if tags else {}


def _can_be_written(tags: dict[int, Any]) -> bool:
    try:
        _packed(tags)
    except Exception:  # noqa: BLE001 - cameras write anything, Pillow raises anything
        return False
    return True


def _packed(tags: dict[int, Any]) -> bytes:
    exif = Image.Exif()
    exif.update(tags)
    return exif.tobytes()
