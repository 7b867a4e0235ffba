"""What is written: languages, numbers, figures, headings."""
