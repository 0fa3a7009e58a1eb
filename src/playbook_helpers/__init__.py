"""Partnership Playbook: the worksheets' arithmetic, records, forms, reports and batches."""

__version__ = "0.1.0"
