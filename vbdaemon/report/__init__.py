"""Registers, statistics and scores: values first, then the same values as a table, CSV, XLSX, HTML and PDF."""
