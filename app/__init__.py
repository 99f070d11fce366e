"""Giliran: whose turn is it?"""

__version__ = "0.1.0"
