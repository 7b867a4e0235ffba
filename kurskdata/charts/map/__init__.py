"""The locator map: its plane, its ground, its dots."""
