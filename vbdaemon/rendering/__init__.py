"""Words and pages for people: notices, check sheets, the page of one submission, names of what is delivered."""
