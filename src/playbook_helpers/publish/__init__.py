"""What is made of many worksheets: reports, the portfolio, and the site."""
