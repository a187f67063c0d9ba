"""CCHC: from agencies' files to signed-off figures on administrative reform."""

__version__ = "0.1.0"
