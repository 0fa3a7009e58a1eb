"""How every chart looks: its colours, its width, and the sizes and fonts of its words.

Sizes are chosen so that a figure fits a phone: drawn 5.4 inches wide, its text of 11 and 12 points
is 10 to 11 pixels tall where the figure has 360 pixels.
"""

INK, GREY, LINE, TRACK, PAPER = "#1b2430", "#4a5664", "#8d989f", "#e3e8ea", "#ffffff"
TEAL, PALE_TEAL = "#0b6b6b", "#8fbfbd"
BLUE, VERMILLION = "#0072b2", "#d55e00"
WIDTH = 5.4
"""Inches; every figure has the same width, so that text has the same size in all of them."""
SIZE, SMALL = 12.0, 11.0
"""Sizes of words, in points."""
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)
"""The reader's own fonts. All are narrower than the DejaVu Sans that room is left for."""
DARK = {
    INK: "#e9eef0",
    GREY: "#aab6bd",
    LINE: "#84929b",
    TRACK: "#36434a",
    PAPER: "#12181b",
    TEAL: "#62c6be",
    PALE_TEAL: "#2f7470",
    BLUE: "#6cb8ee",
    VERMILLION: "#ff9a52",
}
"""What each colour is on a dark page. On paper, and in a picture that is saved, it is itself."""
