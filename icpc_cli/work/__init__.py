"""What is left to do and what was decided about it: remembered, and listed for typing into the practice system."""
