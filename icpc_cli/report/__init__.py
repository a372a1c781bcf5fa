"""The figures of a clinic's quality report, in one place: values, their statistics, and the tables they are read in."""
