"""What is learned: recipes, data, networks, training. Imports neither the program nor the questions."""
