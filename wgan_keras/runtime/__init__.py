"""The process that runs: memory, output, start-up, its fellow processes, and modules that it imports for the user."""
