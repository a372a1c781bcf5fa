"""What is wrong with an export: cells into facts, facts into findings. Pure; knows no file and no database."""
