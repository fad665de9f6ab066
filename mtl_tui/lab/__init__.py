"""The process that trains, the link to it, and what the screens read of a run."""
