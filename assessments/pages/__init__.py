"""What each page shows, as plain values; the templates only arrange it."""
