"""What the program does, as plain objects without widgets: screens and plain forms are two faces of these."""
