"""Which version of the playbook this is: written into what it makes."""

__version__ = "0.1.0"
