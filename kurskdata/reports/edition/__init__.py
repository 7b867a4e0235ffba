"""One edition on disk: its notebooks, page, files and manifest."""
