"""Rule sets as data: forms, lists of transmission forms, the policy; each with clause, scope and validity."""
