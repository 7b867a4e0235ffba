"""What changed between two editions as readers see it."""
