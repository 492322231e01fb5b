"""Draws what stands for a photo that nobody has taken."""

from binascii import crc32
from html import escape


def draw_photo(template: str, name: str, category: str) -> str:
    """The coloured card that stands for a sample product's photo."""
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    hue = crc32(category.encode()) % 360
    filled = {"name": name, "category": category, "initials": initials, "hue": str(hue)}
    for slot, value in filled.items():
        template = template.replace(f"{{{slot}}}", escape(value))
    return template
