from .html_report import (HtmlReport as HtmlReport, Picture as Picture, Table as Table)

__all__ = ["HtmlReport", "Picture", "Table",]
