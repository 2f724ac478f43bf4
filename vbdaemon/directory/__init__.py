"""Units, accounts, confirmed certificates and routes, from the site's files."""
