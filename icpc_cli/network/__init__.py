"""What may leave a clinic, and what many clinics say together. No database, no terminal; JSON as text."""
