"""What the page of one question shows beside its answer, a module per subject."""
