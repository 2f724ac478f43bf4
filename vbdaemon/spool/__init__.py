"""Bytes on disk, made durable; knows no meaning."""
