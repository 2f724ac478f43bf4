"""Mailboxes that are read by IMAP: what arrives is admitted once, then the mailbox is told."""
