"""Pages in one file: HTML by Jinja2, charts by Altair as SVG. No script, no request, both colour schemes."""
