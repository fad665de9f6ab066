"""mtl-tui: prepare for an interview on multi-task learning in recommender systems."""

__version__ = "0.1.0"
