"""Pages: what a plan says, as HTML in one language, with its pictures, styles and scripts."""
