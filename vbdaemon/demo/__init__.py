"""The demo agency: invented units, certificates of an own test CA, documents to try everything with."""
