"""What is still to do, in the files that trackers of work import."""
