"""How a specification becomes SVG and PNG; knows no chart."""
