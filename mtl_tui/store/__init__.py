"""What is remembered between sessions: reviews, cards, runs and notes, in TinyDB on a crash-safe journal."""
