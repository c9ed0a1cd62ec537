"""Labels: what is printed on a battery, drawn, checked, written in five formats."""
