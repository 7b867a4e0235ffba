"""The processes of a build; README.md beside this file has a drawing of what they say to each other."""
