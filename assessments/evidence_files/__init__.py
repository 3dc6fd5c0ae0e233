"""Files that show an answer: what is taken, and where it lies."""
