"""The locator: its base map, its dots and their names, and what it says."""
