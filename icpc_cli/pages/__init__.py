"""Pages in one file: HTML by Jinja2, charts as SVG. No script, no request, both colour schemes."""
