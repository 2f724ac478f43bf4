"""Letters: messages that follow from what happened after the decision, one file each."""
