"""The tables: read, checked, described, and what follows from them."""
