"""The stages of a decision, one file each; pure, so that any of them may run twice."""
