"""What all charts share: colours, frame, marks, places of labels."""
