"""Reports: a partnership's executed worksheets as pages without code, and a page above them.

Every page is one file that opens from a disk, asks nothing of any network, runs no script,
prints well, and says what it was made from.
"""

from playbook_helpers.publish.report.home import refresh_home
from playbook_helpers.publish.report.worksheet_page import Whose, write_page
from playbook_helpers.publish.report.writing import ReportSummary, write_reports

__all__ = ["ReportSummary", "Whose", "refresh_home", "write_page", "write_reports"]
