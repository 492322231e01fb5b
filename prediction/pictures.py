"""The curves that say whether probabilities are worth anything, as SVG that stands alone."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from prediction.measuring import Metrics

SIDE, LEFT, TOP, WIDTH, HEIGHT = 320.0, 64.0, 48.0, 408, 432
_SCALES: Final = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
_PARTS: Final = 4
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1f2933}.name{font-weight:600;font-size:15px}"
    ".paper{fill:#fff}.grid{stroke:#d5dbe1}.even{stroke:#69757f;stroke-dasharray:5 4}"
    ".line{fill:none;stroke:#1d5fa8;stroke-width:2.5}.dot{fill:#1d5fa8}"
    "@media(prefers-color-scheme:dark){text{fill:#e6eaee}.paper{fill:#14191e}.grid{stroke:#38424b}"
    ".even{stroke:#97a3ad}.line{stroke:#7db4f0}.dot{fill:#7db4f0}}"
)

Points = Sequence[tuple[float, float]]


def roc(metrics: Metrics) -> str:
    auc = f"{metrics.auc.value:.3f}".replace(".", ",")
    return _drawn(
        f"A quién distingue: AUC {auc}",
        ("buenos pagadores señalados por error", "malos pagadores encontrados"),
        metrics.roc,
        1.0,
        dots=False,
    )


def calibration(metrics: Metrics) -> str:
    points = [(one.said, one.seen) for one in metrics.bins]
    most = max(max(point) for point in points)
    ece = f"{100 * metrics.ece:.1f}".replace(".", ",")
    return _drawn(
        f"Si se le puede creer: error de {ece} puntos",
        ("lo que dijo", "lo que pasó"),
        points,
        next(scale for scale in _SCALES if scale >= most),
        dots=True,
    )


def _drawn(title: str, axes: tuple[str, str], points: Points, most: float, *, dots: bool) -> str:
    """On a square whose sides go from 0 to `most`; the dashed line is chance, or perfect belief."""
    below = TOP + SIDE
    body = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="name" x="16" y="26">{escape(title)}</text>',
        *_grid(most),
        f'<line class="even" x1="{LEFT:g}" y1="{below:g}" x2="{LEFT + SIDE:g}" y2="{TOP:g}"/>',
        *_curve(points, most, dots=dots),
        _named(axes[0], f"translate({LEFT + SIDE / 2:g} {below + 44:g})"),
        _named(axes[1], f"translate(16 {TOP + SIDE / 2:g}) rotate(-90)"),
        "</svg>",
    )
    return "\n".join(body) + "\n"


def _named(axis: str, place: str) -> str:
    return f'<text transform="{place}" text-anchor="middle">{escape(axis)}</text>'


def _grid(most: float) -> Iterator[str]:
    right, below = LEFT + SIDE, TOP + SIDE
    for part in range(_PARTS + 1):
        off = SIDE * part / _PARTS
        percent = f"{100 * most * part / _PARTS:g} %".replace(".", ",")
        x, y = LEFT + off, below - off
        yield f'<line class="grid" x1="{x:g}" y1="{TOP:g}" x2="{x:g}" y2="{below:g}"/>'
        yield f'<line class="grid" x1="{LEFT:g}" y1="{y:g}" x2="{right:g}" y2="{y:g}"/>'
        yield f'<text x="{x:g}" y="{below + 20:g}" text-anchor="middle">{percent}</text>'
        if part:
            yield f'<text x="{LEFT - 6:g}" y="{y + 4:g}" text-anchor="end">{percent}</text>'


def _curve(points: Points, most: float, *, dots: bool) -> Iterator[str]:
    places = [(LEFT + SIDE * x / most, TOP + SIDE * (1 - y / most)) for x, y in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline class="line" points="{line}"/>'
    if dots:
        yield from (f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>' for x, y in places)
