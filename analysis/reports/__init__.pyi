from .html_report import HtmlReport as HtmlReport
from .judged_stream import JudgedStream as JudgedStream
from .recording_report import report_of as report_of
from .recording_report import write_folder_report as write_folder_report
from .recording_report import write_report as write_report
from .report_parts import Picture as Picture
from .report_parts import Section as Section
from .report_parts import Table as Table
from .report_section import REPORT_SECTIONS as REPORT_SECTIONS
from .report_section import ReportSection as ReportSection
from .report_section import sections_of as sections_of
from .report_subject import BenchLine as BenchLine
from .report_subject import ProcedureKnowledge as ProcedureKnowledge
from .report_subject import ReportOptions as ReportOptions
from .report_subject import ReportSubject as ReportSubject

__all__ = [
    "BenchLine",
    "HtmlReport",
    "JudgedStream",
    "Picture",
    "ProcedureKnowledge",
    "report_of",
    "REPORT_SECTIONS",
    "ReportOptions",
    "ReportSection",
    "ReportSubject",
    "Section",
    "sections_of",
    "Table",
    "write_folder_report",
    "write_report",
]
