"""Reading files into Content; the only room that imports pdfium, pypdf, python-docx, openpyxl and tesseract."""
