from .html_report import HtmlReport as HtmlReport
from .html_report import Picture as Picture
from .html_report import Table as Table

__all__ = [
    "HtmlReport",
    "Picture",
    "Table",
]
