"""What is asked: the question bank, grading and the schedule. Imports neither the program nor the models."""
