"""Pictures of what a page's rows say: data in, SVG out, made when the site is built."""
