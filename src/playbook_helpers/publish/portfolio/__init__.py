"""The portfolio: many partnerships beside each other, each against its own targets.

Digests (one partnership each) are worked out from the store and put together by pure functions;
tables, charts, files and the page are drawn from what they say.
"""

from playbook_helpers.publish.portfolio.writing import Written, open_portfolio, write_portfolio

__all__ = ["Written", "open_portfolio", "write_portfolio"]
