"""Whether tests notice: branches that they pass, and small changes of the code that they catch."""
