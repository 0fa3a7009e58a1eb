"""The published site: the book with its forms, and the reports beside it."""
