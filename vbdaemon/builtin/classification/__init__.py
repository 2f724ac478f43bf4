"""What a document says of itself, read from the lines of its pages: pure functions over Content."""
